import type { Pool, PoolClient } from 'pg';

/**
 * Reads how far the rollups are: every row of the ledger that a transaction below this number wrote has been looked at.
 * 0 when nothing has, or when this is another cluster than the one whose transactions were counted. An answer that has
 * become too low costs time, and never exactness.
 */
export async function readWatermark(client: Pool | PoolClient): Promise<string> {
  const { rows } = await client.query<{ watermark: string }>(
    `SELECT CASE WHEN cluster_id = (SELECT system_identifier FROM pg_control_system()) THEN watermark ELSE 0 END AS watermark
     FROM usage_rollup_state`,
  );
  if (!rows[0]) throw new Error('The table usage_rollup_state has lost its row');
  return rows[0].watermark;
}
