import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Pool } from 'pg';

const BATCH_ROWS = 1000;
const WORDS = 'plan fetch parse rank draft check merge report retry store'.split(' ');

/** Finished runs to write, all alike but for their ids and numbers. */
export interface SeedOptions {
  readonly tenantId: string;
  readonly count: number;
  /** How long ago they ended. */
  readonly ageDays: number;
  /** Of a document, roughly. */
  readonly documentBytes?: number;
  /** What their ids begin with. */
  readonly prefix?: string;
  readonly onProgress?: (written: number) => void;
}

/** A document as an agent's run might leave it: compressible, and no two alike. */
export function seedDocument(index: number, documentBytes: number): Buffer {
  const outputs: object[] = [];
  const base = { workflow_id: 'research', agent_id: 'planner', status: 'completed', next_step_index: 12 };
  let sizeBytes = JSON.stringify(base).length + 20;
  for (let step = 0; sizeBytes < documentBytes; step += 1) {
    const seed = createHash('sha256').update(`${index} ${step}`).digest('hex');
    const output = { step, action: WORDS[(index + step) % WORDS.length], score: (index % 97) / 7, ref: seed };
    outputs.push(output);
    sizeBytes += JSON.stringify(output).length + 1;
  }
  return Buffer.from(JSON.stringify({ ...base, step_outputs: outputs }));
}

/** Writes finished runs as though they had ended long ago, ready for the archive. Needs the rights of the database's owner. */
export async function seedCheckpoints(pool: Pool, options: SeedOptions): Promise<void> {
  const { tenantId, count, ageDays, documentBytes = 1000, prefix = 'run-', onProgress } = options;
  for (let from = 0; from < count; from += BATCH_ROWS) {
    const indexes = Array.from({ length: Math.min(BATCH_ROWS, count - from) }, (_, i) => from + i);
    const documents = indexes.map((index) => seedDocument(index, documentBytes));
    await pool.query(SEED_SQL, [
      tenantId,
      indexes.map((index) => `${prefix}${index}`),
      documents.map((document) => gzipSync(document, { level: 3 })),
      documents.map((document) => document.length),
      documents.map((document) => createHash('sha256').update(document).digest()),
      ageDays,
    ]);
    onProgress?.(from + indexes.length);
  }
}

const SEED_SQL = `
  WITH tenant AS (SELECT set_config('tollgate.tenant_id', $1, true)),
  seed AS (
    SELECT s.*, date_trunc('milliseconds', now() - make_interval(days => $6)) - make_interval(secs => s.position * 0.001) AS ended_at
    FROM unnest($2::text[], $3::bytea[], $4::integer[], $5::bytea[]) WITH ORDINALITY AS s (run_id, document, document_bytes, content_hash, position), tenant),
  live AS (
    INSERT INTO checkpoints (tenant_id, run_id, version, status, agent_id, workflow_id, next_step_index, document, document_bytes, content_hash, created_at, updated_at)
    SELECT $1, run_id, 1, 'completed', 'planner', 'research', 12, document, document_bytes, content_hash, ended_at - interval '1 hour', ended_at FROM seed
    ON CONFLICT DO NOTHING RETURNING run_id, updated_at, octet_length(document) AS bytes),
  queued AS (
    INSERT INTO checkpoint_offloads (tenant_id, run_id, version, updated_at) SELECT $1, run_id, 1, updated_at FROM live)
  INSERT INTO checkpoint_usage AS u (tenant_id, shard, checkpoints, bytes)
  SELECT $1, tollgate_checkpoint_shard(run_id), count(*), sum(bytes) FROM live GROUP BY 2 ORDER BY 2
  ON CONFLICT (tenant_id, shard) DO UPDATE SET checkpoints = u.checkpoints + excluded.checkpoints, bytes = u.bytes + excluded.bytes`;
