import { createGroup, inSchema, joinGroup } from '../service-group.sql.js';

/** The tables that hold tenants' rows: row-level security is on and forced. */
const TENANT_TABLES = [
  'checkpoints',
  'checkpoint_history',
  'checkpoint_offloads',
  'checkpoint_tombstones',
  'checkpoint_usage',
  'archive_packs',
  'archive_entries',
];

const GROUPS = ['tollgate_gateway', 'tollgate_offloader'];

const OWN_TENANT = "tenant_id = current_setting('tollgate.tenant_id', true)";

const secure = (table: string): string[] => [
  `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
  `CREATE POLICY gateway ON ${table} TO tollgate_gateway USING (${OWN_TENANT})`,
  `CREATE POLICY offloader ON ${table} TO tollgate_offloader USING (true)`,
];

const RAISE_ALARM = 'tollgate_raise_archive_alarm(text, uuid, text, text)';
const PREPARE_MONTHS = 'tollgate_prepare_usage_months(timestamptz)';

const GATEWAY_GRANTS = [
  'GRANT SELECT ON tenants, agents, api_keys, settings_version, tollgate_migrations TO tollgate_gateway',
  'GRANT SELECT, INSERT, UPDATE ON usage_events, budget_totals TO tollgate_gateway',
  'GRANT SELECT, INSERT ON budget_alerts TO tollgate_gateway',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON checkpoints, checkpoint_offloads, checkpoint_tombstones TO tollgate_gateway',
  'GRANT SELECT, INSERT, DELETE ON checkpoint_history TO tollgate_gateway',
  'GRANT SELECT, INSERT, UPDATE ON checkpoint_usage TO tollgate_gateway',
  'GRANT SELECT, DELETE ON archive_entries TO tollgate_gateway',
  'GRANT SELECT, UPDATE (dead_members, dead_bytes) ON archive_packs TO tollgate_gateway',
  `GRANT EXECUTE ON FUNCTION ${RAISE_ALARM}, ${PREPARE_MONTHS} TO tollgate_gateway`,
];

const OFFLOADER_GRANTS = [
  'GRANT SELECT ON tollgate_migrations TO tollgate_offloader',
  `GRANT SELECT, INSERT, UPDATE, DELETE ON ${TENANT_TABLES.join(', ')} TO tollgate_offloader`,
  'GRANT SELECT, INSERT, UPDATE ON archive_alarms TO tollgate_offloader',
  'GRANT SELECT, UPDATE ON archive_identity TO tollgate_offloader',
  `GRANT EXECUTE ON FUNCTION ${RAISE_ALARM} TO tollgate_offloader`,
];

/** The groups that services' users are members of, what each may do, and which rows each sees. */
export const ROLES = [
  ...GROUPS.flatMap((group) => [createGroup(group, GROUPS), joinGroup(group, GROUPS)]),
  ...TENANT_TABLES.flatMap(secure),
  // The gateway may raise an alarm, and neither read nor clear any.
  `CREATE FUNCTION tollgate_raise_archive_alarm(p_kind text, p_pack uuid, p_key text, p_detail text)
   RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
    INSERT INTO archive_alarms (kind, pack_id, key, detail) VALUES (p_kind, p_pack, p_key, left(p_detail, 500))
    ON CONFLICT (kind, key) WHERE cleared_at IS NULL DO NOTHING
  $$`,
  // The months' partitions are the owner's, whoever asks for them. A function with its owner's rights has a fixed path.
  `ALTER FUNCTION ${PREPARE_MONTHS} SECURITY DEFINER`,
  ...[RAISE_ALARM, PREPARE_MONTHS].flatMap((name) => [
    inSchema(`ALTER FUNCTION ${name} SET search_path = %I, pg_temp`),
    `REVOKE EXECUTE ON FUNCTION ${name} FROM PUBLIC`,
  ]),
  inSchema('GRANT USAGE ON SCHEMA %I TO tollgate_gateway, tollgate_offloader'),
  ...GATEWAY_GRANTS,
  ...OFFLOADER_GRANTS,
];

/** Takes the rights back on what stays. The groups stay too: other databases of the server may have members in them. */
export const DROP_ROLES = [
  'REVOKE ALL ON tenants, agents, api_keys, settings_version, tollgate_migrations, usage_events, budget_totals, budget_alerts FROM tollgate_gateway, tollgate_offloader',
  inSchema('REVOKE USAGE ON SCHEMA %I FROM tollgate_gateway, tollgate_offloader'),
  `REVOKE EXECUTE ON FUNCTION ${PREPARE_MONTHS} FROM tollgate_gateway`,
  `GRANT EXECUTE ON FUNCTION ${PREPARE_MONTHS} TO PUBLIC`,
  `ALTER FUNCTION ${PREPARE_MONTHS} SECURITY INVOKER RESET search_path`,
];
