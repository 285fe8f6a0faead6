import type { Pool } from 'pg';

type Row = Record<string, unknown>;

/** What the index has of packs. */
export interface PackTotals {
  readonly uploading: number;
  readonly verified: number;
  readonly deleting: number;
  readonly lost: number;
  /** Of verified packs. */
  readonly bytes: number;
  /** Of those: what nothing points to any more. */
  readonly deadBytes: number;
}

/** Counts packs by state. */
export async function readPackTotals(pool: Pool): Promise<PackTotals> {
  const { rows } = await pool.query<Row>(
    `SELECT state, count(*) AS packs, sum(size_bytes) AS bytes, sum(dead_bytes) AS dead_bytes FROM archive_packs GROUP BY state`,
  );
  const byState = new Map(rows.map((row) => [row['state'], row]));
  const read = (state: string, name: string): number => Number(byState.get(state)?.[name] ?? 0);
  return {
    uploading: read('uploading', 'packs'),
    verified: read('verified', 'packs'),
    deleting: read('deleting', 'packs'),
    lost: read('lost', 'packs'),
    bytes: read('verified', 'bytes'),
    deadBytes: read('verified', 'dead_bytes'),
  };
}

/** How many checkpoints the index has: with a copy in the database still, and in the archive alone. Reads the whole index. */
export async function countEntries(
  pool: Pool,
): Promise<{ readonly archived: number; readonly evicted: number }> {
  const { rows } = await pool.query<Row>(
    'SELECT count(*) FILTER (WHERE NOT is_evicted) AS archived, count(*) FILTER (WHERE is_evicted) AS evicted FROM archive_entries',
  );
  return { archived: Number(rows[0]?.['archived'] ?? 0), evicted: Number(rows[0]?.['evicted'] ?? 0) };
}
