import { hash } from 'node:crypto';
import type { Pool } from 'pg';

const ARCHIVE_SQL = `
  WITH live AS (
    UPDATE checkpoints SET is_archived = true WHERE tenant_id = $1 AND run_id = $2 RETURNING *
  ), queued AS (
    DELETE FROM checkpoint_offloads WHERE tenant_id = $1 AND run_id = $2
  ), pack AS (
    INSERT INTO archive_packs (id, tenant_id, key, sha256, size_bytes, members, state, verified_at)
    SELECT gen_random_uuid(), $1, 'checkpoints/' || $1 || '/' || gen_random_uuid(), $3, $5, 1, 'verified', now() FROM live
    RETURNING id, key
  )
  INSERT INTO archive_entries (tenant_id, run_id, version, pack_id, "offset", length, sha256, status, agent_id,
    workflow_id, next_step_index, document_bytes, content_hash, created_at, updated_at)
  SELECT tenant_id, run_id, version, pack.id, 0, $5, $4, status, agent_id, workflow_id, next_step_index, document_bytes,
    content_hash, created_at, updated_at FROM live, pack
  RETURNING pack_id AS "packId", (SELECT key FROM pack) AS key`;

const EVICT_SQL = `
  WITH gone AS (
    DELETE FROM checkpoints c USING archive_entries e
    WHERE c.tenant_id = $1 AND c.run_id = $2 AND c.is_archived
      AND e.tenant_id = c.tenant_id AND e.run_id = c.run_id AND e.version = c.version
    RETURNING c.tenant_id, c.run_id, octet_length(c.document) AS bytes
  ), marked AS (
    UPDATE archive_entries e SET is_evicted = true FROM gone WHERE e.tenant_id = gone.tenant_id AND e.run_id = gone.run_id
  )
  SELECT tollgate_add_checkpoint_usage(tenant_id, run_id, -1, -bytes) FROM gone`;

/** Writes, by raw SQL, that the latest version of a run stands in a verified pack of its own. */
export async function archiveRaw(
  offloader: Pool,
  tenantId: string,
  runId: string,
  member: { readonly sha256: Buffer; readonly length: number },
): Promise<{ packId: string; key: string } | undefined> {
  const { rows } = await offloader.query<{ packId: string; key: string }>(ARCHIVE_SQL, [
    ...[tenantId, runId, hash('sha256', `${tenantId}/${runId}`, 'buffer')],
    ...[member.sha256, member.length],
  ]);
  return rows[0];
}

/** Removes, by raw SQL, the row of a run whose latest version is archived; answers whether it did. */
export async function evictRaw(offloader: Pool, tenantId: string, runId: string): Promise<boolean> {
  const { rowCount } = await offloader.query(EVICT_SQL, [tenantId, runId]);
  return rowCount === 1;
}
