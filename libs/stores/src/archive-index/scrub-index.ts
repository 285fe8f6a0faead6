import type { Pool } from 'pg';
import { PACK_COLUMNS, toIndexedPack, type IndexedPack } from './pack-index.js';
import { inTransaction } from './transaction.js';

type Row = Record<string, unknown>;

/** Where the index says that a checkpoint stands in its pack. */
export interface IndexedMember {
  readonly runId: string;
  readonly version: number;
  readonly offset: number;
  readonly length: number;
  readonly sha256: Buffer;
  /** Whether the pack has the only copy. */
  readonly isEvicted: boolean;
}

/** Which packs to look at: part 1 of 30, say, on each of 30 days. */
export interface Subset {
  readonly part: number;
  readonly of: number;
  /** Leaves out packs that were read and proved since; undefined: none. */
  readonly notSinceSeconds?: number;
}

/** What a scrub reads of the index, and what it writes when a pack is not what it was. */
export class ScrubIndex {
  constructor(private readonly pool: Pool) {}

  /** Packs of a subset in the order of their ids. */
  async listPacks(
    { part, of, notSinceSeconds }: Subset,
    limit: number,
    after?: string,
  ): Promise<IndexedPack[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${PACK_COLUMNS} FROM archive_packs p
       WHERE p.state = 'verified' AND (hashtext(p.id::text) & 2147483647) % $1 = $2 AND ($4::uuid IS NULL OR p.id > $4)
         AND ($5::integer IS NULL OR coalesce(p.scrubbed_at, p.verified_at) < now() - make_interval(secs => $5))
       ORDER BY p.id LIMIT $3`,
      [of, part - 1, limit, after ?? null, notSinceSeconds ?? null],
    );
    return rows.map(toIndexedPack);
  }

  /** A pack by its id or its key. */
  async findPack(idOrKey: string): Promise<IndexedPack | undefined> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${PACK_COLUMNS} FROM archive_packs p WHERE p.id::text = $1 OR p.key = $1`,
      [idOrKey],
    );
    return rows[0] && toIndexedPack(rows[0]);
  }

  async listMembers(packId: string): Promise<IndexedMember[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT run_id, version, "offset", length, sha256, is_evicted FROM archive_entries WHERE pack_id = $1 ORDER BY "offset"`,
      [packId],
    );
    return rows.map((row) => ({
      runId: String(row['run_id']),
      version: Number(row['version']),
      offset: Number(row['offset']),
      length: Number(row['length']),
      sha256: row['sha256'] as Buffer,
      isEvicted: row['is_evicted'] === true,
    }));
  }

  async markScrubbed(packId: string): Promise<void> {
    await this.pool.query('UPDATE archive_packs SET scrubbed_at = now() WHERE id = $1', [packId]);
  }

  /**
   * Takes a damaged pack out of use: its checkpoints that are still in the database are live again and wait to be
   * packed anew; answers how many. Those that were evicted keep pointing to it, for whatever can still be read.
   */
  markLost(packId: string): Promise<number> {
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<Row>(
        `SELECT c.tenant_id, c.run_id FROM archive_entries e
         JOIN checkpoints c ON c.tenant_id = e.tenant_id AND c.run_id = e.run_id AND c.version = e.version
         WHERE e.pack_id = $1 AND NOT e.is_evicted ORDER BY c.run_id FOR UPDATE OF c`,
        [packId],
      );
      await client.query(REVIVE_SQL, [
        packId,
        rows[0]?.['tenant_id'] ?? '',
        rows.map((row) => row['run_id']),
      ]);
      await client.query("UPDATE archive_packs SET state = 'lost' WHERE id = $1", [packId]);
      return { isCommitted: true, result: rows.length };
    });
  }
}

const REVIVE_SQL = `
  WITH forgotten AS (
    DELETE FROM archive_entries e WHERE e.pack_id = $1 AND e.tenant_id = $2 AND e.run_id = ANY ($3::text[]) AND NOT e.is_evicted
    RETURNING e.run_id, e.version),
  live AS (
    UPDATE checkpoints c SET is_archived = false FROM forgotten f
    WHERE c.tenant_id = $2 AND c.run_id = f.run_id AND c.version = f.version
    RETURNING c.run_id, c.version, c.updated_at)
  INSERT INTO checkpoint_offloads (tenant_id, run_id, version, updated_at) SELECT $2, run_id, version, updated_at FROM live
  ON CONFLICT DO NOTHING`;
