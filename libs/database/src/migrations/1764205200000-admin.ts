import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUDIT_TABLES } from './admin/audit-tables.sql.js';
import { ADMIN_GRANTS } from './admin/grants.sql.js';
import { OPERATOR_TABLES } from './admin/operator-tables.sql.js';
import { DROP_ROW_VERSIONS, ROW_VERSIONS } from './admin/row-versions.sql.js';
import { inSchema } from './service-group.sql.js';

/** Editions of rows, operators' tokens, answers kept for repeated requests, and the audit: what the admin API works with. */
export class Admin1764205200000 implements MigrationInterface {
  readonly name = 'Admin1764205200000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...ROW_VERSIONS, ...OPERATOR_TABLES, ...AUDIT_TABLES, ...ADMIN_GRANTS])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_log, audit_head, idempotency_records, operator_tokens');
    await runner.query('DROP FUNCTION tollgate_chain_audit, tollgate_refuse_audit_change, tollgate_frame');
    for (const statement of DROP_ROW_VERSIONS) await runner.query(statement);
    await runner.query(
      'REVOKE ALL ON tenants, agents, api_keys, settings_version, tollgate_migrations, usage_events, budget_totals, budget_alerts FROM tollgate_admin',
    );
    await runner.query(inSchema('REVOKE USAGE ON SCHEMA %I FROM tollgate_admin'));
  }
}
