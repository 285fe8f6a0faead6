/** The columns of `usage_events` with their Postgres types, in the order of the table. */
export const EVENT_COLUMNS = {
  request_id: 'uuid',
  attempt: 'smallint',
  tenant_id: 'text',
  key_id: 'text',
  agent_id: 'text',
  run_id: 'text',
  task_type: 'text',
  month: 'text',
  model_asked: 'text',
  model: 'text',
  model_provider: 'text',
  input_tokens: 'bigint',
  cached_input_tokens: 'bigint',
  cache_write_tokens: 'bigint',
  input_audio_tokens: 'bigint',
  output_tokens: 'bigint',
  output_audio_tokens: 'bigint',
  cost_nano_usd: 'bigint',
  price_version: 'text',
  status: 'text',
  error_code: 'text',
  usage_source: 'text',
  streamed: 'boolean',
  latency_ms: 'integer',
  first_token_ms: 'integer',
  config_hash: 'text',
} as const;

/** The field of a usage event that a column holds. */
export const fieldOf = (column: string): string =>
  column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const columns = Object.entries(EVENT_COLUMNS);
const names = columns.map(([name]) => name).join(', ');
// Events come as JSON with their own field names: to rename them one by one would cost more than to write them.
const fields = columns.map(([name]) => `"${fieldOf(name)}"`).join(', ');
const typed = columns.map(([name, type]) => `"${fieldOf(name)}" ${type}`).join(', ');
const renamed = columns.map(([name]) => `"${fieldOf(name)}" AS ${name}`).join(', ');

/**
 * The end of a statement that changed events: adds the costs in `source`, which may be negative, to every total they count
 * in. Sorted, so that two writers lock the totals in the same order.
 */
export const raiseTotals = (source: string): string => `
  INSERT INTO budget_totals AS b (tenant_id, scope, "window", total_nano_usd, version)
  SELECT e.tenant_id, s.scope, s."window", sum(e.cost_nano_usd), 1
  FROM ${source} e, LATERAL (VALUES ('t', e.month), ('k:' || e.key_id, e.month), ('a:' || e.agent_id, e.month), ('r:' || e.run_id, 'total')) AS s (scope, "window")
  WHERE s.scope IS NOT NULL
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (tenant_id, scope, "window")
  DO UPDATE SET total_nano_usd = b.total_nano_usd + excluded.total_nano_usd, version = b.version + 1
  RETURNING tenant_id, scope, "window", total_nano_usd, version`;

/** Inserts new events ($1: JSON array) and raises their totals, in one statement; each row also says how many were new. */
export const APPEND_SQL = `
WITH inserted AS (
  INSERT INTO usage_events (${names})
  SELECT ${fields} FROM json_to_recordset($1::json) AS e (${typed})
  ON CONFLICT (request_id, attempt) DO NOTHING
  RETURNING tenant_id, key_id, agent_id, run_id, month, cost_nano_usd
), raised AS (${raiseTotals('inserted')})
SELECT raised.*, (SELECT count(*) FROM inserted)::int AS inserted FROM raised`;

/**
 * Replaces a presumed event by the real one ($1: JSON array of one) and moves the totals by the difference. The row says
 * which transaction changed it, as a new one does by default: rollups find by that what they have not counted.
 */
export const REPLACE_PRESUMED_SQL = `
WITH real AS (
  SELECT ${renamed} FROM json_to_recordset($1::json) AS e (${typed})
), presumed AS (
  SELECT u.request_id, u.attempt, u.cost_nano_usd FROM usage_events u JOIN real USING (request_id, attempt)
  WHERE u.status = 'presumed' AND real.status <> 'presumed' FOR UPDATE OF u
), replaced AS (
  UPDATE usage_events u SET (${names}) = (SELECT ${names} FROM real), change_xid = txid_current()
  FROM presumed WHERE u.request_id = presumed.request_id AND u.attempt = presumed.attempt
  RETURNING u.tenant_id, u.key_id, u.agent_id, u.run_id, u.month, u.cost_nano_usd - presumed.cost_nano_usd AS cost_nano_usd
), raised AS (${raiseTotals('replaced')})
SELECT count(*) FROM raised`;
