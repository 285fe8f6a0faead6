import type { Pool } from 'pg';

type Row = Record<string, unknown>;

/** An object that nothing points to. */
export interface Garbage {
  readonly packId: string;
  readonly key: string;
}

/** Packs that nobody needs any more: no entry points to them, or their upload was given up. */
export class GarbageIndex {
  constructor(private readonly pool: Pool) {}

  /**
   * Marks packs for deletion, and answers how many. Readers that looked up a place just now still find it for
   * `graceSeconds`.
   * @param abandonedSeconds after which an upload that nobody finished counts as given up
   */
  async mark(graceSeconds: number, abandonedSeconds: number): Promise<number> {
    const { rowCount } = await this.pool.query(
      `UPDATE archive_packs p SET state = 'deleting', delete_after = now() + make_interval(secs => $1)
       WHERE (p.state = 'verified' AND p.verified_at < now() - make_interval(secs => $1) OR p.state = 'uploading' AND p.created_at < now() - make_interval(secs => $2))
         AND NOT EXISTS (SELECT FROM archive_entries e WHERE e.pack_id = p.id)`,
      [graceSeconds, abandonedSeconds],
    );
    return rowCount ?? 0;
  }

  /** What may be deleted now. */
  async list(limit: number): Promise<Garbage[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT p.id, p.key FROM archive_packs p WHERE p.state = 'deleting' AND p.delete_after <= now()
         AND NOT EXISTS (SELECT FROM archive_entries e WHERE e.pack_id = p.id) ORDER BY p.delete_after LIMIT $1`,
      [limit],
    );
    return rows.map((row) => ({ packId: String(row['id']), key: String(row['key']) }));
  }

  /** Forgets packs whose objects are deleted; a foreign key keeps what an entry points to. */
  async forget(packIds: readonly string[]): Promise<void> {
    await this.pool.query("DELETE FROM archive_packs WHERE id = ANY ($1::uuid[]) AND state = 'deleting'", [
      packIds,
    ]);
  }
}
