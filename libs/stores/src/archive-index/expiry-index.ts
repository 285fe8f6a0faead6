import type { Pool } from 'pg';

/** Deletes archived checkpoints for good: a deletion like any other, so that none comes back. */
export class ExpiryIndex {
  constructor(private readonly pool: Pool) {}

  /**
   * Deletes at most `limit` archived checkpoints whose last change is older, and answers how many; one that is written
   * to meanwhile stays. What an operator brought back counts from then.
   */
  async expire(olderThanSeconds: number, limit: number): Promise<number> {
    // In the order in which everyone locks runs.
    const { rowCount } = await this.pool.query(
      `WITH old AS MATERIALIZED (
         SELECT tenant_id, run_id, version FROM archive_entries
         WHERE updated_at < now() - make_interval(secs => $1) AND (restored_at IS NULL OR restored_at < now() - make_interval(secs => $1))
         LIMIT $2),
       ordered AS MATERIALIZED (SELECT * FROM old ORDER BY tenant_id, run_id)
       SELECT FROM ordered o CROSS JOIN LATERAL tollgate_delete_checkpoint(o.tenant_id, o.run_id, o.version, NULL) d
       WHERE d.outcome = 'deleted'`,
      [olderThanSeconds, limit],
    );
    return rowCount ?? 0;
  }
}
