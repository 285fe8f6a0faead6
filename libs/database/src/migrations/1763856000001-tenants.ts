import type { MigrationInterface, QueryRunner } from 'typeorm';

const LIMITS = `
  budget_nano_usd bigint CHECK (budget_nano_usd BETWEEN 0 AND 9007199254740991),
  requests_per_minute bigint CHECK (requests_per_minute >= 0),
  tokens_per_minute bigint CHECK (tokens_per_minute >= 0),
  max_concurrency bigint CHECK (max_concurrency >= 0)`;

/** Tenants, their agents and keys, and a version that every change of them raises. */
export class Tenants1763856000001 implements MigrationInterface {
  readonly name = 'Tenants1763856000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE tenants (
        id text PRIMARY KEY CHECK (id ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(id) <= 63),
        default_model text, fallback_model text, allowed_models text[], allow_expensive boolean,
        max_cost_per_request_nano_usd bigint CHECK (max_cost_per_request_nano_usd >= 0),
        run_budget_nano_usd bigint CHECK (run_budget_nano_usd >= 0),
        ${LIMITS},
        suspended_at timestamptz, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE agents (
        tenant_id text NOT NULL REFERENCES tenants (id) ON DELETE CASCADE, id text NOT NULL,
        ${LIMITS},
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, id)
      )`);
    await runner.query(`
      CREATE TABLE api_keys (
        id text PRIMARY KEY, tenant_id text NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
        secret_sha256 bytea NOT NULL UNIQUE CHECK (length(secret_sha256) = 32),
        agent_id text, name text,
        ${LIMITS},
        expires_at timestamptz, revoked_at timestamptz, created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX api_keys_tenant ON api_keys (tenant_id)');
    await runner.query(
      'CREATE TABLE settings_version (id boolean PRIMARY KEY DEFAULT true CHECK (id), version bigint NOT NULL)',
    );
    await runner.query('INSERT INTO settings_version (version) VALUES (1)');
    await runner.query(`
      CREATE FUNCTION tollgate_raise_settings_version() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN UPDATE settings_version SET version = version + 1; RETURN NULL; END $$`);
    for (const table of ['tenants', 'agents', 'api_keys']) {
      await runner.query(`
        CREATE TRIGGER ${table}_raise_settings_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION tollgate_raise_settings_version()`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_keys, agents, tenants, settings_version');
    await runner.query('DROP FUNCTION tollgate_raise_settings_version()');
  }
}
