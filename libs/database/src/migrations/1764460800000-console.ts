import type { MigrationInterface, QueryRunner } from 'typeorm';
import { touchOnUpdate } from './admin/row-versions.sql.js';

/** Sessions of the console, and editions of webhook endpoints. */
export class Console1764460800000 implements MigrationInterface {
  readonly name = 'Console1764460800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE operator_sessions (
        secret_mac bytea PRIMARY KEY CHECK (length(secret_mac) = 32), operator text NOT NULL, name text NOT NULL,
        role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
        token_id text REFERENCES operator_tokens (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL
      )`,
    );
    await runner.query('CREATE INDEX operator_sessions_age ON operator_sessions (expires_at)');
    await runner.query('GRANT SELECT, INSERT, DELETE ON operator_sessions TO tollgate_admin');
    await runner.query(
      `ALTER TABLE webhook_endpoints ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
       ADD COLUMN version bigint NOT NULL DEFAULT nextval('tollgate_row_versions')`,
    );
    await runner.query(touchOnUpdate('webhook_endpoints'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER webhook_endpoints_touch ON webhook_endpoints');
    await runner.query('ALTER TABLE webhook_endpoints DROP COLUMN version, DROP COLUMN updated_at');
    await runner.query('DROP TABLE operator_sessions');
  }
}
