import { raiseTotals } from '../../ledger/append.sql.js';

/** Reads an event that is to be corrected ($1: request id, $2: attempt), and keeps others from changing it. */
export const LOCK_EVENT_SQL = 'SELECT * FROM usage_events WHERE request_id = $1 AND attempt = $2 FOR UPDATE';

/** Changes a presumed event and moves the totals by the difference, as the ledger does when the real event comes. */
export const CORRECT_SQL = `
  WITH presumed AS (SELECT request_id, attempt, cost_nano_usd FROM usage_events WHERE request_id = $1 AND attempt = $2 AND status = 'presumed'),
  corrected AS (
    UPDATE usage_events u SET status = $3, usage_source = CASE WHEN $4 THEN 'reported' ELSE u.usage_source END, cost_nano_usd = $5,
      input_tokens = $6, cached_input_tokens = $7, cache_write_tokens = $8, input_audio_tokens = $9, output_tokens = $10,
      output_audio_tokens = $11, change_xid = txid_current()
    FROM presumed p WHERE u.request_id = p.request_id AND u.attempt = p.attempt
    RETURNING u.tenant_id, u.key_id, u.agent_id, u.run_id, u.month, u.cost_nano_usd - p.cost_nano_usd AS cost_nano_usd
  ), raised AS (${raiseTotals('corrected')})
  SELECT count(*) FROM raised`;

/** Records a correction. */
export const RECORD_SQL = `
  INSERT INTO usage_corrections (request_id, attempt, tenant_id, month, agent_id, model, presumed, corrected, difference_nano_usd, reason, actor, corrected_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING *`;
