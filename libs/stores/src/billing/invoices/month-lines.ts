import type { Pool, PoolClient } from 'pg';
import { monthEndMs, monthStartMs } from '@tollgate/domain';
import { readWatermark } from '../rollups/watermark.js';
import { toUsageRow, type RawRow } from '../usage/usage-row.js';
import { usageSql } from '../usage/usage.sql.js';
import type { InvoiceLine } from './invoice.js';

/** A tenant's month by agent and model as the ledger says at this moment, as lines of usage. */
export async function readMonthLines(
  client: Pool | PoolClient,
  tenantId: string,
  month: string,
): Promise<InvoiceLine[]> {
  const query = {
    fromMs: monthStartMs(month),
    toMs: monthEndMs(month),
    bucket: undefined,
    groupBy: ['agent' as const, 'model' as const],
    filters: { tenant: [tenantId] },
  };
  const { text, values } = usageSql(query, await readWatermark(client));
  const { rows } = await client.query<RawRow>(text, [...values]);
  return rows.map((raw) => {
    const row = toUsageRow(raw, query.groupBy);
    return {
      kind: 'usage',
      month,
      agentId: row.group.agent ?? null,
      model: row.group.model ?? '',
      calls: row.calls,
      inputTokens: row.inputTokens,
      outputTokens: row.outputTokens,
      costNanoUsd: row.costNanoUsd,
      reasons: [],
    };
  });
}
