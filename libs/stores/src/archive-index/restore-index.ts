import type { Pool } from 'pg';
import { inTransaction } from './transaction.js';

type Row = Record<string, unknown>;

/** Where an archived checkpoint is. */
export interface ArchivedPlace {
  readonly tenantId: string;
  readonly runId: string;
  readonly version: number;
  readonly key: string;
  readonly offset: number;
  readonly length: number;
  readonly sha256: Buffer;
  readonly isEvicted: boolean;
}

/** Brings an evicted checkpoint back into the database; the archive keeps its copy. */
export class RestoreIndex {
  constructor(private readonly pool: Pool) {}

  async find(tenantId: string, runId: string): Promise<ArchivedPlace | undefined> {
    const { rows } = await this.pool.query<Row>(
      `SELECT e.version, e."offset", e.length, e.sha256, e.is_evicted, p.key FROM archive_entries e
       JOIN archive_packs p ON p.id = e.pack_id WHERE e.tenant_id = $1 AND e.run_id = $2`,
      [tenantId, runId],
    );
    const row = rows[0];
    return (
      row && {
        tenantId,
        runId,
        version: Number(row['version']),
        key: String(row['key']),
        offset: Number(row['offset']),
        length: Number(row['length']),
        sha256: row['sha256'] as Buffer,
        isEvicted: row['is_evicted'] === true,
      }
    );
  }

  /** Whether it was brought back: not when it changed, went or came back meanwhile. */
  restore({ tenantId, runId, version }: ArchivedPlace, documentGzip: Buffer): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      await client.query('SELECT tollgate_lock_run($1, $2)', [tenantId, runId]);
      const { rowCount } = await client.query(
        `WITH entry AS (
           UPDATE archive_entries SET is_evicted = false, restored_at = now()
           WHERE tenant_id = $1 AND run_id = $2 AND version = $3 AND is_evicted RETURNING *)
         INSERT INTO checkpoints (tenant_id, run_id, version, status, agent_id, workflow_id, next_step_index, document,
           document_bytes, content_hash, is_archived, created_at, updated_at)
         SELECT tenant_id, run_id, version, status, agent_id, workflow_id, next_step_index, $4, document_bytes,
           content_hash, true, created_at, updated_at FROM entry`,
        [tenantId, runId, version, documentGzip],
      );
      if (rowCount !== 1) return { isCommitted: false, result: false };
      await client.query('SELECT tollgate_add_checkpoint_usage($1, $2, 1, $3)', [
        tenantId,
        runId,
        documentGzip.length,
      ]);
      return { isCommitted: true, result: true };
    });
  }
}
