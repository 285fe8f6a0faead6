import type { Pool } from 'pg';
import { monthEndMs, monthStartMs } from '@tollgate/domain';
import { inTransaction } from '../../archive-index/transaction.js';
import { FINAL_ATTEMPT } from '../../ledger/usage-event.js';
import { month as monthShape } from '../input-shapes.js';
import { parseInput } from '../parse-input.js';
import { usageSql } from '../usage/usage.sql.js';
import { SUM_COLUMNS } from './rollup-columns.js';
import { readWatermark } from './watermark.js';

/** What a comparison of a month's rollups and totals with the ledger found; all three are 0 when all is well. */
export interface VerifyReport {
  /** Lines (tenant, hour, dimensions) that answers have and the ledger does not say, the wrong ones among them. */
  readonly excess: number;
  /** Lines that the ledger says and answers lack. */
  readonly lacking: number;
  /** Tenants whose running total of the month is not the sum of the ledger. */
  readonly wrongTotals: number;
}

const LEDGER_SQL = `
  SELECT tollgate_hour_of(request_id) AS bucket, tenant_id, coalesce(agent_id, '') AS agent_id, key_id, model, model_provider,
    status, coalesce(task_type, '') AS task_type, count(*) FILTER (WHERE attempt = ${FINAL_ATTEMPT}) AS calls, count(*) AS tries,
    ${SUM_COLUMNS.map((column) => `sum(${column})::bigint AS ${column}`).join(', ')}
  FROM usage_events WHERE request_id >= tollgate_first_uuid($2) AND request_id < tollgate_first_uuid($3)
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`;

const report = (rollups: string, monthParameter: string): string => `
  WITH answers AS MATERIALIZED (${rollups}), own AS MATERIALIZED (${LEDGER_SQL}),
    shown AS MATERIALIZED (SELECT * FROM own WHERE calls > 0 OR cost_nano_usd > 0)
  SELECT (SELECT count(*) FROM (SELECT * FROM answers EXCEPT ALL SELECT * FROM shown) a)::int AS excess,
    (SELECT count(*) FROM (SELECT * FROM shown EXCEPT ALL SELECT * FROM answers) b)::int AS lacking,
    (SELECT count(*) FROM (SELECT tenant_id, sum(cost_nano_usd) AS total FROM own GROUP BY 1) l
     FULL JOIN (SELECT tenant_id, total_nano_usd FROM budget_totals WHERE scope = 't' AND "window" = ${monthParameter}) t USING (tenant_id)
     WHERE coalesce(l.total, 0) <> coalesce(t.total_nano_usd, 0))::int AS "wrongTotals"`;

/** Compares what usage answers are made of with the ledger, row by row, in one snapshot. */
export class RollupVerifier {
  constructor(private readonly options: { readonly pool: Pool }) {}

  /**
   * Compares a month of all tenants; it reads the month's whole ledger.
   * @throws BillingError `invalid_input`
   */
  async verify(month: string): Promise<VerifyReport> {
    parseInput(monthShape, month);
    const [fromMs, toMs] = [monthStartMs(month), monthEndMs(month)];
    return inTransaction(this.options.pool, async (client) => {
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const { text, values } = usageSql(
        {
          fromMs,
          toMs,
          bucket: 'hour',
          groupBy: ['tenant', 'agent', 'key', 'model', 'modelProvider', 'status', 'taskType'],
          filters: {},
        },
        await readWatermark(client),
      );
      const parameter = `$${values.length + 1}`;
      const { rows } = await client.query<VerifyReport>(report(text, parameter), [...values, month]);
      if (!rows[0]) throw new Error('the comparison answered no row');
      return { isCommitted: true, result: rows[0] };
    });
  }
}
