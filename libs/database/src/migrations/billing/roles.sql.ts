// Roles belong to the whole server: another database's migration may make this one at this very moment.
const CREATE_ADMIN = `
  DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tollgate_admin') THEN CREATE ROLE tollgate_admin NOLOGIN; END IF;
  EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
      RAISE EXCEPTION 'the owner of the database may not create roles; have an administrator run: CREATE ROLE tollgate_admin NOLOGIN';
  END $$`;

const ADMIN_GRANTS = [
  'GRANT SELECT ON usage_events, budget_totals, budget_alerts TO tollgate_admin',
  'GRANT SELECT, INSERT, DELETE ON usage_hourly, usage_daily, usage_dirty_hours TO tollgate_admin',
  'GRANT SELECT, UPDATE ON usage_rollup_state TO tollgate_admin',
];

/** What the admin group may do for billing, and the group itself when no migration made it before. */
export const BILLING_ROLES = [
  CREATE_ADMIN,
  `DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO tollgate_admin', current_schema()); END $$`,
  ...ADMIN_GRANTS,
];

/** Takes the rights back on tables that stay. The group stays, and so does its way into the schema: others may use them. */
export const DROP_BILLING_ROLES = [
  'REVOKE ALL ON usage_events, budget_totals, budget_alerts FROM tollgate_admin',
];
