// A day's and an hour's rows have the same shape: what a call is attributed to, then what is counted.
const ROLLUP_COLUMNS = `
  agent_id text NOT NULL, key_id text NOT NULL, model text NOT NULL, model_provider text NOT NULL,
  status text NOT NULL, task_type text NOT NULL,
  calls bigint NOT NULL, tries bigint NOT NULL,
  input_tokens bigint NOT NULL, cached_input_tokens bigint NOT NULL, cache_write_tokens bigint NOT NULL, input_audio_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL, output_audio_tokens bigint NOT NULL, cost_nano_usd bigint NOT NULL`;

/**
 * Usage by hour and by day, and what is needed to know which hours of them are out of date. An absent agent or task
 * type is the empty text there.
 */
export const ROLLUPS = [
  // The transaction that wrote a row last. The constant default spares a rewrite of the table, the second one holds for
  // new rows only.
  'ALTER TABLE usage_events ADD COLUMN change_xid bigint NOT NULL DEFAULT 0',
  'ALTER TABLE usage_events ALTER COLUMN change_xid SET DEFAULT txid_current()',
  // Rows come in about this order, so a block range index finds the newest ones, and costs an append next to nothing.
  'CREATE INDEX usage_events_change ON usage_events USING brin (change_xid) WITH (pages_per_range = 32, autosummarize = on)',
  `CREATE FUNCTION tollgate_hour_of(id uuid) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_timestamp(('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint / 3600000 * 3600)
  $$`,
  `CREATE TABLE usage_hourly (tenant_id text NOT NULL, hour timestamptz NOT NULL, ${ROLLUP_COLUMNS})`,
  'CREATE INDEX usage_hourly_tenant ON usage_hourly (tenant_id, hour)',
  'CREATE INDEX usage_hourly_hour ON usage_hourly (hour)',
  `CREATE TABLE usage_daily (tenant_id text NOT NULL, day timestamptz NOT NULL, ${ROLLUP_COLUMNS})`,
  'CREATE INDEX usage_daily_tenant ON usage_daily (tenant_id, day)',
  'CREATE INDEX usage_daily_day ON usage_daily (day)',
  'CREATE TABLE usage_dirty_hours (tenant_id text, hour timestamptz, PRIMARY KEY (tenant_id, hour))',
  // Transaction numbers mean nothing in another cluster, where a dump may be restored: hence whose they are.
  `CREATE TABLE usage_rollup_state (
    id boolean PRIMARY KEY DEFAULT true CHECK (id), cluster_id bigint NOT NULL, watermark bigint NOT NULL, rolled_at timestamptz
  )`,
  'INSERT INTO usage_rollup_state (cluster_id, watermark) VALUES (0, 0)',
];

/** Takes them back. */
export const DROP_ROLLUPS = [
  'DROP TABLE usage_rollup_state, usage_dirty_hours, usage_daily, usage_hourly',
  'DROP FUNCTION tollgate_hour_of(uuid)',
  'ALTER TABLE usage_events DROP COLUMN change_xid',
];
