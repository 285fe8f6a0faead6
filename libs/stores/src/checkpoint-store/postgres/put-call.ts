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

/** Writes one version. */
export const PUT_ONE_SQL =
  'SELECT * FROM tollgate_put_checkpoint($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)';

/** What PUT_ONE_SQL takes. */
export function toPutValues({ tenantId, runId, draft, options }: PutCall): unknown[] {
  const { status, agentId, workflowId, nextStepIndex, documentGzip, documentBytes, contentHash } = draft;
  const { ifVersion, boundAgentId, recreate, quota, keepVersions } = options;
  return [
    ...[tenantId, runId, status, agentId, workflowId, nextStepIndex],
    ...[documentGzip, documentBytes, contentHash],
    ...[ifVersion, boundAgentId, recreate, quota.checkpoints, quota.bytes, keepVersions],
  ];
}

/**
 * Writes several versions in one transaction; `place` is the call's. The order is the one in which shards of the usage
 * are locked, and each run has one shard: two groups that lock nothing but different runs never wait in a circle.
 */
export const PUT_MANY_SQL = `
  SELECT i.place, p.* FROM (
    SELECT * FROM json_to_recordset($1) AS r(place int, tenant text, run text, status text, agent text, workflow text,
      step bigint, document text, document_bytes int, hash text, if_version bigint, bound_agent text, recreate boolean,
      max_checkpoints bigint, max_bytes bigint, keep_versions int)
    ORDER BY tenant, tollgate_checkpoint_shard(run), run, place) AS i,
  LATERAL tollgate_put_checkpoint(i.tenant, i.run, i.status, i.agent, i.workflow, i.step, decode(i.document, 'base64'),
    i.document_bytes, decode(i.hash, 'hex'), i.if_version, i.bound_agent, i.recreate, i.max_checkpoints, i.max_bytes,
    i.keep_versions) AS p`;

/** What PUT_MANY_SQL takes of each call, beside its place. */
export function toPutRecord({ tenantId, runId, draft, options }: PutCall): object {
  return {
    tenant: tenantId,
    run: runId,
    status: draft.status,
    agent: draft.agentId,
    workflow: draft.workflowId,
    step: draft.nextStepIndex,
    document: draft.documentGzip.toString('base64'),
    document_bytes: draft.documentBytes,
    hash: draft.contentHash.toString('hex'),
    if_version: options.ifVersion,
    bound_agent: options.boundAgentId,
    recreate: options.recreate,
    max_checkpoints: options.quota.checkpoints,
    max_bytes: options.quota.bytes,
    keep_versions: options.keepVersions,
  };
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
