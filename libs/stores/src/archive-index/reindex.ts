import type { Pool } from 'pg';
import type { PackEntryHead } from '../pack/manifest.js';
import type { VerifiedMember } from '../pack/pack-reader.js';
import { memberBytes, type IndexedPack } from './pack-index.js';
import { inTransaction } from './transaction.js';

/** What became of the members of a pack that was taken into the index. */
export interface Adopted {
  /** Entries that point into it now. */
  readonly entries: number;
  /** Members that a later version, or a deletion, has overtaken. */
  readonly dead: number;
}

/** Rebuilds the index from packs: what the database knows already is never made older. */
export class Reindex {
  constructor(private readonly pool: Pool) {}

  /** Which of these keys the index does not know. */
  async listUnknown(keys: readonly string[]): Promise<string[]> {
    const { rows } = await this.pool.query<{ key: string }>(
      'SELECT k.key FROM unnest($1::text[]) AS k (key) WHERE NOT EXISTS (SELECT FROM archive_packs p WHERE p.key = k.key)',
      [keys],
    );
    return rows.map(({ key }) => key);
  }

  /** Takes a pack that was verified into the index, all or nothing. */
  adopt(pack: IndexedPack, members: readonly VerifiedMember[]): Promise<Adopted> {
    return inTransaction(this.pool, async (client) => {
      await client.query(
        `INSERT INTO archive_packs (id, tenant_id, key, sha256, size_bytes, members, state, verified_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'verified', now())`,
        [pack.id, pack.tenantId, pack.key, pack.sha256, pack.sizeBytes, pack.members],
      );
      for (const { runId } of members.toSorted((a, b) => (a.runId < b.runId ? -1 : 1)))
        await client.query('SELECT tollgate_lock_run($1, $2)', [pack.tenantId, runId]);
      const column = <K extends keyof PackEntryHead>(name: K): PackEntryHead[K][] =>
        members.map(({ entry }) => entry[name]);
      const { rowCount } = await client.query(ADOPT_SQL, [
        pack.tenantId,
        pack.id,
        members.map(({ runId }) => runId),
        members.map(({ version }) => version),
        members.map(({ offset }) => offset),
        members.map(({ length }) => length),
        members.map(({ sha256 }) => sha256),
        column('status'),
        column('agentId'),
        column('workflowId'),
        column('nextStepIndex'),
        column('documentBytes'),
        column('contentHash'),
        column('createdAt'),
        column('updatedAt'),
      ]);
      await client.query(SETTLE_SQL, [pack.tenantId, pack.id, memberBytes({ members })]);
      const entries = rowCount ?? 0;
      return { isCommitted: true, result: { entries, dead: members.length - entries } };
    });
  }
}

// A live copy of the same version stays and counts as archived; an older one is overtaken by what the pack holds.
const ADOPT_SQL = `
  WITH member AS (
    SELECT * FROM unnest($3::text[], $4::bigint[], $5::integer[], $6::integer[], $7::bytea[], $8::text[], $9::text[], $10::text[],
      $11::bigint[], $12::integer[], $13::bytea[], $14::timestamptz[], $15::timestamptz[])
    AS m (run_id, version, "offset", length, sha256, status, agent_id, workflow_id, next_step_index, document_bytes, content_hash, created_at, updated_at))
  INSERT INTO archive_entries AS e (tenant_id, run_id, version, pack_id, "offset", length, sha256, status, agent_id, workflow_id,
    next_step_index, document_bytes, content_hash, created_at, updated_at, is_evicted)
  SELECT $1, m.run_id, m.version, $2, m."offset", m.length, m.sha256, m.status, m.agent_id, m.workflow_id, m.next_step_index,
    m.document_bytes, m.content_hash, m.created_at, m.updated_at, c.version IS DISTINCT FROM m.version
  FROM member m LEFT JOIN checkpoints c ON c.tenant_id = $1 AND c.run_id = m.run_id
  WHERE NOT EXISTS (SELECT FROM checkpoint_tombstones t WHERE t.tenant_id = $1 AND t.run_id = m.run_id AND t.version >= m.version)
    AND (c.version IS NULL OR c.version < m.version OR (c.version = m.version AND c.content_hash = m.content_hash AND NOT c.is_archived))
  ON CONFLICT (tenant_id, run_id) DO UPDATE SET version = excluded.version, pack_id = excluded.pack_id, "offset" = excluded."offset",
    length = excluded.length, sha256 = excluded.sha256, status = excluded.status, agent_id = excluded.agent_id,
    workflow_id = excluded.workflow_id, next_step_index = excluded.next_step_index, document_bytes = excluded.document_bytes,
    content_hash = excluded.content_hash, created_at = excluded.created_at, updated_at = excluded.updated_at,
    is_evicted = excluded.is_evicted, archived_at = now()
  WHERE e.version < excluded.version`;

const SETTLE_SQL = `
  WITH mine AS (SELECT run_id, version, is_evicted FROM archive_entries WHERE tenant_id = $1 AND pack_id = $2),
  same AS (
    UPDATE checkpoints c SET is_archived = true FROM mine
    WHERE c.tenant_id = $1 AND c.run_id = mine.run_id AND c.version = mine.version),
  older AS (
    DELETE FROM checkpoints c USING mine
    WHERE c.tenant_id = $1 AND c.run_id = mine.run_id AND c.version < mine.version
    RETURNING c.run_id, octet_length(c.document) AS bytes),
  dequeued AS (DELETE FROM checkpoint_offloads q USING mine WHERE q.tenant_id = $1 AND q.run_id = mine.run_id AND q.version <= mine.version),
  used AS (
    INSERT INTO checkpoint_usage AS u (tenant_id, shard, checkpoints, bytes)
    SELECT $1, tollgate_checkpoint_shard(run_id), -count(*), -sum(bytes) FROM older GROUP BY 2 ORDER BY 2
    ON CONFLICT (tenant_id, shard) DO UPDATE SET checkpoints = u.checkpoints + excluded.checkpoints, bytes = u.bytes + excluded.bytes)
  UPDATE archive_packs p SET
    dead_members = p.members - (SELECT count(*) FROM archive_entries e WHERE e.pack_id = p.id),
    dead_bytes = $3 - coalesce((SELECT sum(length) FROM archive_entries e WHERE e.pack_id = p.id), 0)
  WHERE p.tenant_id = $1 AND p.state = 'verified' AND p.id = $2`;
