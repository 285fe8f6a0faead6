import type { CheckpointDraft } from '../checkpoint.js';
import { foreignRun, quotaExceeded, runDeleted, versionConflict } from '../checkpoint-refusals.js';
import type { PutCheckpoint, PutOptions } from '../checkpoint-store.js';

/** A version that is to be written, and how. */
export interface PutCall {
  readonly tenantId: string;
  readonly runId: string;
  readonly draft: CheckpointDraft;
  readonly options: PutOptions;
}

/** What `tollgate_put_checkpoint` answers; Postgres' bigint comes as text. */
export interface PutRow {
  readonly outcome: 'created' | 'updated' | 'conflict' | 'foreign' | 'deleted' | 'quota';
  readonly o_version: string;
  readonly o_created_at: Date;
  readonly o_updated_at: Date;
  readonly o_scope: 'checkpoints' | 'bytes';
  readonly o_used: string;
}

/**
 * Writes versions in one transaction; `place` is the call's. First each run is locked, in one order for everybody, so that
 * nobody waits for a run with a part of the tally of bytes locked; then the parts of the tally (shards) are locked in
 * their order. Two groups therefore never wait for each other in a circle.
 */
export const PUT_SQL = `
  WITH calls AS MATERIALIZED (
    SELECT * FROM json_to_recordset($1) AS r(place int, tenant text, run text, status text, agent text, workflow text,
      step bigint, document text, document_bytes int, hash text, if_version bigint, bound_agent text, recreate boolean,
      max_checkpoints bigint, max_bytes bigint, keep_versions int)),
  locked AS MATERIALIZED (
    SELECT tollgate_lock_run(tenant, run) AS lock
    FROM (SELECT DISTINCT tenant, run FROM calls ORDER BY tenant, run) AS runs)
  SELECT i.place, p.* FROM (
    SELECT * FROM calls WHERE (SELECT count(lock) FROM locked) > 0
    ORDER BY tenant, tollgate_checkpoint_shard(run), run, place) AS i,
  LATERAL tollgate_put_checkpoint(i.tenant, i.run, i.status, i.agent, i.workflow, i.step,
    coalesce(decode(i.document, 'base64'), $2), i.document_bytes, decode(i.hash, 'hex'), i.if_version, i.bound_agent,
    i.recreate, i.max_checkpoints, i.max_bytes, i.keep_versions) AS p`;

/** What PUT_SQL takes: the calls as JSON, and the document of a call that is alone as it is. */
export function toPutValues(calls: readonly PutCall[]): [string, Buffer | undefined] {
  const [first, ...others] = calls;
  const isAlone = others.length === 0;
  const records = calls.map(({ tenantId, runId, draft, options }, place) => ({
    place,
    tenant: tenantId,
    run: runId,
    status: draft.status,
    agent: draft.agentId,
    workflow: draft.workflowId,
    step: draft.nextStepIndex,
    document: isAlone ? undefined : draft.documentGzip.toString('base64'),
    document_bytes: draft.documentBytes,
    hash: draft.contentHash.toString('hex'),
    if_version: options.ifVersion,
    bound_agent: options.boundAgentId,
    recreate: options.recreate,
    max_checkpoints: options.quota.checkpoints,
    max_bytes: options.quota.bytes,
    keep_versions: options.keepVersions,
  }));
  return [JSON.stringify(records), isAlone ? first?.draft.documentGzip : undefined];
}

/** @throws TollgateError what CheckpointStore.put refuses with */
export function toPut(row: PutRow, { quota }: PutOptions): PutCheckpoint {
  const version = Number(row.o_version);
  switch (row.outcome) {
    case 'conflict':
      throw versionConflict(version);
    case 'foreign':
      throw foreignRun();
    case 'deleted':
      throw runDeleted(version);
    case 'quota':
      throw quotaExceeded(row.o_scope, quota[row.o_scope], Number(row.o_used));
    case 'created':
    case 'updated':
      return {
        version,
        isNew: row.outcome === 'created',
        createdAt: row.o_created_at,
        updatedAt: row.o_updated_at,
      };
  }
}
