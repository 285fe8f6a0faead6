import type { Pool } from 'pg';
import { memberBytes, PACK_COLUMNS, toIndexedPack, type IndexedPack, type NewPack } from './pack-index.js';
import { inTransaction } from './transaction.js';

type Row = Record<string, unknown>;

/** A member that moves from an old pack into a new one. */
export interface Move {
  readonly runId: string;
  readonly version: number;
  readonly fromPackId: string;
}

/** Which packs hold mostly dead members, and the swap of their entries. */
export class CompactionIndex {
  constructor(
    private readonly pool: Pool,
    private readonly owner: string,
  ) {}

  /** Packs of one tenant, at least `deadShare` of whose members are dead, but not all; none while an alarm is open. */
  async listPacks(deadShare: number, limit: number, after?: string): Promise<IndexedPack[]> {
    const { rows } = await this.pool.query<Row>(
      `WITH worn AS (
         SELECT p.* FROM archive_packs p
         WHERE p.state = 'verified' AND p.dead_members >= $1::double precision * p.members AND ($3::uuid IS NULL OR p.id > $3)
           AND EXISTS (SELECT FROM archive_entries e WHERE e.pack_id = p.id)
           AND NOT EXISTS (SELECT FROM archive_alarms WHERE cleared_at IS NULL))
       SELECT ${PACK_COLUMNS} FROM worn p
       WHERE p.tenant_id = (SELECT tenant_id FROM worn ORDER BY id LIMIT 1) ORDER BY p.id LIMIT $2`,
      [deadShare, limit, after ?? null],
    );
    return rows.map(toIndexedPack);
  }

  /**
   * Lets entries point into the new pack, those that still point to where they were read; all at once. Answers how
   * many moved.
   */
  swap({ id, tenantId, pack }: NewPack, moves: readonly Move[]): Promise<number> {
    const places = new Map(pack.members.map((member) => [member.runId, member]));
    return inTransaction(this.pool, async (client) => {
      const { rowCount: moved } = await client.query(
        `UPDATE archive_entries e SET pack_id = $2, "offset" = m."offset", length = m.length
         FROM unnest($3::text[], $4::bigint[], $5::uuid[], $6::integer[], $7::integer[]) AS m (run_id, version, pack_id, "offset", length)
         WHERE e.tenant_id = $1 AND e.run_id = m.run_id AND e.version = m.version AND e.pack_id = m.pack_id`,
        [
          tenantId,
          id,
          moves.map(({ runId }) => runId),
          moves.map(({ version }) => version),
          moves.map(({ fromPackId }) => fromPackId),
          moves.map(({ runId }) => places.get(runId)?.offset),
          moves.map(({ runId }) => places.get(runId)?.length),
        ],
      );
      const { rowCount } = await client.query(
        `UPDATE archive_packs p SET state = 'verified', verified_at = now(), owner = NULL,
           dead_members = p.members - $3, dead_bytes = $4 - coalesce((SELECT sum(length) FROM archive_entries WHERE pack_id = $1), 0)
         WHERE p.id = $1 AND p.owner = $2 AND p.state = 'uploading'`,
        [id, this.owner, moved, memberBytes(pack)],
      );
      await client.query(
        `UPDATE archive_packs p SET dead_members = p.members, dead_bytes = p.size_bytes
         WHERE p.id = ANY ($1::uuid[]) AND NOT EXISTS (SELECT FROM archive_entries e WHERE e.pack_id = p.id)`,
        [[...new Set(moves.map(({ fromPackId }) => fromPackId))]],
      );
      return { isCommitted: rowCount === 1, result: rowCount === 1 ? (moved ?? 0) : 0 };
    });
  }
}
