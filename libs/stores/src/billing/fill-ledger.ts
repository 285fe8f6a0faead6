import type { Pool } from 'pg';
import { monthEndMs, monthStartMs } from '@tollgate/domain';

/** A month of usage to be made up. */
export interface LedgerFill {
  readonly tenantId: string;
  /** Such as 2026-11. */
  readonly month: string;
  /** Calls; about one in 150 has a failed try before it. */
  readonly count: number;
  /** Makes other ids for the same month; default 1. */
  readonly seed?: number;
}

// A number from 0 to below `below` that depends on the call's number and on `what` alone.
const draw = (what: number, below: string | number): string =>
  `((hashint8extended(n, ${what} + $6::bigint * 100) & 1073741823) % ${below})`;

// Weekdays and office hours are busier, agents and models differ in weight and price, a few calls fail or are presumed.
const FILL_SQL = `
  INSERT INTO usage_events (request_id, attempt, tenant_id, key_id, agent_id, run_id, task_type, month, model_asked, model,
    model_provider, input_tokens, cached_input_tokens, cache_write_tokens, input_audio_tokens, output_tokens, output_audio_tokens,
    cost_nano_usd, price_version, status, error_code, usage_source, streamed, latency_ms, first_token_ms, config_hash)
  SELECT (lpad(to_hex(at_ms), 12, '0') || '7' || substr(id, 1, 3) || '8' || substr(id, 4, 15))::uuid, attempt, $1,
    'demo-key-' || 1 + ${draw(1, 4)},
    (array['planner','planner','planner','coder','coder','researcher','reviewer','support',NULL])[1 + ${draw(2, 9)}],
    'run-' || n / 12, (array['planning','execution','execution','summarization'])[1 + ${draw(3, 4)}], $2, model, model,
    CASE WHEN model LIKE 'claude%' THEN 'anthropic' ELSE 'openai' END,
    paid * input, paid * input * ${draw(4, 3)} / 4, 0, 0, paid * output, 0, paid * (input * price + output * price * 5), 'demo',
    CASE WHEN paid = 0 THEN 'failed' WHEN n % 997 = 0 THEN 'presumed' WHEN n % 211 = 0 THEN 'aborted' ELSE 'completed' END,
    CASE WHEN paid = 0 THEN 'upstream_error' END, CASE WHEN n % 997 = 0 OR paid = 0 THEN 'none' ELSE 'reported' END,
    n % 3 > 0, 400 + output * 9, CASE WHEN n % 3 > 0 THEN 150 + n % 400 END, 'demo'
  FROM (
    SELECT n, attempt, md5($6::text || '-' || $1 || '-' || n) AS id,
      $3::bigint + (day * 24 + (8 + ${draw(7, 6)} + ${draw(8, 6)}) * (n % 5 > 0)::int + ${draw(9, 24)} * (n % 5 = 0)::int) * 3600000 + ${draw(10, 3_600_000)} AS at_ms,
      (array['gpt-4o-mini','claude-sonnet-4-20250514','gpt-4o'])[1 + model] AS model, (array[150, 3000, 2500])[1 + model]::bigint AS price,
      200 + ${draw(11, 4000)} AS input, 20 + ${draw(12, 900)} AS output, (attempt = 0 AND n % 149 > 0)::int AS paid
    FROM generate_series($5::bigint, $5::bigint + $7::bigint - 1) n
    CROSS JOIN LATERAL (SELECT 0 AS attempt UNION ALL SELECT 1 WHERE n % 150 = 1) tries
    CROSS JOIN LATERAL (SELECT greatest(0, ${draw(6, 4)} - 1) AS model, ${draw(5, '($4::bigint / 86400000)')} AS day0) d
    -- Three of four calls of a weekend's day are made on the Friday or Thursday before.
    CROSS JOIN LATERAL (SELECT CASE WHEN n % 4 > 0 AND (day0 + $8) % 7 > 4 THEN greatest(0, day0 - 2) ELSE day0 END AS day) w
  ) e ORDER BY 1
  ON CONFLICT DO NOTHING`;

const TOTALS_SQL = `
  INSERT INTO budget_totals AS b (tenant_id, scope, "window", total_nano_usd, version)
  SELECT tenant_id, s.scope, month, sum(cost_nano_usd), 1
  FROM usage_events e, LATERAL (VALUES ('t'), ('k:' || key_id), ('a:' || agent_id)) AS s (scope)
  WHERE s.scope IS NOT NULL AND tenant_id = $1 AND month = $2 AND request_id >= tollgate_first_uuid($3) AND request_id < tollgate_first_uuid($4)
  GROUP BY 1, 2, 3
  ON CONFLICT (tenant_id, scope, "window") DO UPDATE SET total_nano_usd = excluded.total_nano_usd, version = b.version + 1`;

const BATCH = 200_000;

/**
 * Makes up a believable month of one tenant's ledger, with the totals of its tenant, keys and agents (runs have none): about
 * 50,000 calls a second. It needs the owner's rights, and the month should have no other writers of this tenant.
 */
export async function fillLedger(
  pool: Pool,
  { tenantId, month, count, seed = 1 }: LedgerFill,
): Promise<void> {
  const [startMs, endMs] = [monthStartMs(month), monthEndMs(month)];
  const weekday = (new Date(startMs).getUTCDay() + 6) % 7; // of the month's first day, Monday 0
  await pool.query('SELECT tollgate_prepare_usage_months($1)', [new Date(startMs)]);
  for (let from = 1; from <= count; from += BATCH)
    await pool.query(FILL_SQL, [
      tenantId,
      month,
      startMs,
      endMs - startMs,
      from,
      seed,
      Math.min(BATCH, count - from + 1),
      weekday,
    ]);
  await pool.query(TOTALS_SQL, [tenantId, month, new Date(startMs), new Date(endMs)]);
}
