import type { Pool } from 'pg';
import { PACK_COLUMNS, toIndexedPack, type IndexedPack } from './pack-index.js';
import { inTransaction } from './transaction.js';

type Row = Record<string, unknown>;

// The first condition has an index.
const IS_OLD = (seconds: string): string =>
  `e.updated_at < now() - make_interval(secs => ${seconds}) AND (e.restored_at IS NULL OR e.restored_at < now() - make_interval(secs => ${seconds}))`;

/** Which database copies may go, and their going. */
export class EvictionIndex {
  constructor(private readonly pool: Pool) {}

  /** Verified packs with copies in the database that are older than the retention, oldest first. None while an alarm is open. */
  async listPacks(retentionSeconds: number, limit: number, after?: string): Promise<IndexedPack[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${PACK_COLUMNS} FROM archive_packs p
       WHERE p.state = 'verified' AND ($3::uuid IS NULL OR p.id > $3)
         AND EXISTS (SELECT FROM archive_entries e WHERE e.pack_id = p.id AND NOT e.is_evicted AND ${IS_OLD('$1')})
         AND NOT EXISTS (SELECT FROM archive_alarms WHERE cleared_at IS NULL)
       ORDER BY p.id LIMIT $2`,
      [retentionSeconds, limit, after ?? null],
    );
    return rows.map(toIndexedPack);
  }

  /** How many database copies could go now. None while an alarm is open. */
  async count(retentionSeconds: number): Promise<number> {
    const { rows } = await this.pool.query<Row>(
      `SELECT count(*) AS evictable FROM archive_entries e JOIN archive_packs p ON p.id = e.pack_id AND p.state = 'verified'
       WHERE NOT e.is_evicted AND ${IS_OLD('$1')} AND NOT EXISTS (SELECT FROM archive_alarms WHERE cleared_at IS NULL)`,
      [retentionSeconds],
    );
    return Number(rows[0]?.['evictable'] ?? 0);
  }

  /**
   * Deletes database copies of a pack's members, at most `limit` of them: only of the very version that the pack
   * holds, only while the pack is verified and no alarm is open. Answers how many went.
   */
  evict(packId: string, retentionSeconds: number, limit: number): Promise<number> {
    return inTransaction(this.pool, async (client) => {
      // A row that somebody writes just now is passed over. The pack comes after the checkpoints, as in every writer.
      const { rows } = await client.query<Row>(
        `SELECT c.tenant_id, c.run_id FROM archive_entries e
         JOIN checkpoints c ON c.tenant_id = e.tenant_id AND c.run_id = e.run_id AND c.version = e.version AND c.is_archived
         WHERE e.pack_id = $1 AND NOT e.is_evicted AND ${IS_OLD('$2')}
         ORDER BY c.run_id LIMIT $3 FOR UPDATE OF c SKIP LOCKED`,
        [packId, retentionSeconds, limit],
      );
      const { rowCount: verified } = await client.query(
        "SELECT FROM archive_packs WHERE id = $1 AND state = 'verified' FOR SHARE",
        [packId],
      );
      if (rows.length === 0 || verified !== 1) return { isCommitted: false, result: 0 };
      const { rows: gone } = await client.query<Row>(EVICT_SQL, [
        packId,
        rows[0]?.['tenant_id'],
        rows.map((row) => row['run_id']),
      ]);
      const evicted = Number(gone[0]?.['evicted'] ?? 0);
      return { isCommitted: evicted === rows.length, result: evicted === rows.length ? evicted : 0 };
    });
  }
}

/** Entry and copy go together, or the count differs and nothing happens. The shards of a tenant's use come last, in their order. */
const EVICT_SQL = `
  WITH proved AS (
    UPDATE archive_entries e SET is_evicted = true
    WHERE e.pack_id = $1 AND e.tenant_id = $2 AND e.run_id = ANY ($3::text[]) AND NOT e.is_evicted
      AND NOT EXISTS (SELECT FROM archive_alarms WHERE cleared_at IS NULL)
    RETURNING e.run_id, e.version),
  gone AS (
    DELETE FROM checkpoints c USING proved
    WHERE c.tenant_id = $2 AND c.run_id = proved.run_id AND c.version = proved.version AND c.is_archived
    RETURNING c.run_id, octet_length(c.document) AS bytes),
  history AS (DELETE FROM checkpoint_history h USING gone WHERE h.tenant_id = $2 AND h.run_id = gone.run_id),
  shards AS (
    SELECT tollgate_checkpoint_shard(run_id) AS shard, count(*) AS checkpoints, sum(bytes) AS bytes FROM gone GROUP BY 1 ORDER BY 1),
  used AS (
    INSERT INTO checkpoint_usage AS u (tenant_id, shard, checkpoints, bytes) SELECT $2, shard, -checkpoints, -bytes FROM shards ORDER BY shard
    ON CONFLICT (tenant_id, shard) DO UPDATE SET checkpoints = u.checkpoints + excluded.checkpoints, bytes = u.bytes + excluded.bytes)
  SELECT (SELECT count(*) FROM gone) AS evicted`;
