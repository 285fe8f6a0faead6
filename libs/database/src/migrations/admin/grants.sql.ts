import { createGroup, inSchema, joinGroup } from '../service-group.sql.js';

const GROUP = 'tollgate_admin';

/** The group that the users of admin APIs are members of, and what it may do: nothing with checkpoints, and no change of the audit. */
export const ADMIN_GRANTS = [
  createGroup(GROUP, [GROUP]),
  joinGroup(GROUP, [GROUP]),
  inSchema(`GRANT USAGE ON SCHEMA %I TO ${GROUP}`),
  `GRANT SELECT, INSERT, UPDATE, DELETE ON tenants, agents, api_keys TO ${GROUP}`,
  `GRANT SELECT, UPDATE ON settings_version TO ${GROUP}`,
  `GRANT SELECT ON tollgate_migrations, usage_events, budget_totals, budget_alerts TO ${GROUP}`,
  `GRANT SELECT, INSERT, UPDATE ON operator_tokens TO ${GROUP}`,
  `GRANT SELECT, INSERT, DELETE ON idempotency_records TO ${GROUP}`,
  `GRANT SELECT, INSERT ON audit_log TO ${GROUP}`,
  `GRANT SELECT ON audit_head TO ${GROUP}`,
  `GRANT USAGE ON SEQUENCE tollgate_row_versions TO ${GROUP}`,
];
