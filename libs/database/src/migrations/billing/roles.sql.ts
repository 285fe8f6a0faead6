// Roles belong to the whole server: another database's migration may make this one at this very moment.
const CREATE_ADMIN = `
  DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tollgate_admin') THEN CREATE ROLE tollgate_admin NOLOGIN; END IF;
  EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
      RAISE EXCEPTION 'the owner of the database may not create roles; have an administrator run: CREATE ROLE tollgate_admin NOLOGIN';
  END $$`;

// What a correction may change of an event: never whose it is, or when it was.
const CORRECTED =
  'status, usage_source, cost_nano_usd, input_tokens, cached_input_tokens, cache_write_tokens, input_audio_tokens, output_tokens, output_audio_tokens, change_xid';

const ADMIN_GRANTS = [
  'GRANT SELECT ON usage_events, budget_totals, budget_alerts TO tollgate_admin',
  'GRANT SELECT, INSERT, DELETE ON usage_hourly, usage_daily, usage_dirty_hours TO tollgate_admin',
  'GRANT SELECT, UPDATE ON usage_rollup_state TO tollgate_admin',
  `GRANT UPDATE (${CORRECTED}) ON usage_events TO tollgate_admin`,
  'GRANT INSERT, UPDATE ON budget_totals TO tollgate_admin',
  'GRANT SELECT, INSERT ON usage_corrections, invoices TO tollgate_admin',
  'GRANT SELECT, INSERT, UPDATE (cancelled_at) ON budget_increases TO tollgate_admin',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_endpoints TO tollgate_admin',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_deliveries TO tollgate_admin',
  'GRANT SELECT, INSERT ON webhook_attempts TO tollgate_admin',
  // Every change of an increase raises the version, as whoever makes it.
  'GRANT SELECT, UPDATE ON settings_version TO tollgate_admin',
  'GRANT SELECT ON budget_increases TO tollgate_gateway',
];

/** What the admin group may do for billing, and the gateways, and the group itself when no migration made it before. */
export const BILLING_ROLES = [
  CREATE_ADMIN,
  `DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO tollgate_admin', current_schema()); END $$`,
  ...ADMIN_GRANTS,
];

/** Takes the rights back on tables that stay. The group stays, and so does its way into the schema: others may use them. */
export const DROP_BILLING_ROLES = [
  'REVOKE ALL ON usage_events, budget_totals, budget_alerts, settings_version FROM tollgate_admin',
];
