import type { Pool } from 'pg';
import type { CheckpointDraft, FoundCheckpoint } from '../checkpoint.js';
import { foreignRun, quotaExceeded, runDeleted, versionConflict } from '../checkpoint-refusals.js';
import {
  CheckpointStore,
  type CheckpointPage,
  type CheckpointQuery,
  type DeleteCondition,
  type PutCheckpoint,
  type PutOptions,
} from '../checkpoint-store.js';
import { parseCursor, toPage } from '../list-cursor.js';
import { toFound, toListed, type FoundRow, type HeadRow } from './checkpoint-rows.js';
import { notAnswered, storeUnavailable } from './store-failure.js';

/** Calls that may wait for a connection; a pool alone would let them pile up, documents and all. */
const MAX_WAITING = 200;

interface PutRow {
  readonly outcome: 'created' | 'updated' | 'conflict' | 'foreign' | 'deleted' | 'quota';
  readonly o_version: string;
  readonly o_created_at: Date;
  readonly o_updated_at: Date;
  readonly o_scope: 'checkpoints' | 'bytes';
  readonly o_used: string;
}

interface DeleteRow {
  readonly outcome: 'deleted' | 'conflict' | 'foreign' | 'missing';
  readonly o_version: string;
}

/**
 * Checkpoints in Postgres, and the index of those that are in the archive. Each call is one round trip to a function of
 * the migrations, which also tells row-level security the tenant.
 */
export class PostgresCheckpointStore extends CheckpointStore {
  constructor(private readonly pool: Pool) {
    super();
  }

  async put(
    tenantId: string,
    runId: string,
    draft: CheckpointDraft,
    { ifVersion, boundAgentId, recreate, quota, keepVersions }: PutOptions,
  ): Promise<PutCheckpoint> {
    const { status, agentId, workflowId, nextStepIndex, documentGzip, documentBytes, contentHash } = draft;
    const [row] = await this.#query<PutRow>(
      'checkpoint-put',
      'SELECT * FROM tollgate_put_checkpoint($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)',
      [
        ...[tenantId, runId, status, agentId, workflowId, nextStepIndex],
        ...[documentGzip, documentBytes, contentHash],
        ...[ifVersion, boundAgentId, recreate, quota.checkpoints, quota.bytes, keepVersions],
      ],
    );
    if (!row) throw notAnswered();
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

  async get(tenantId: string, runId: string, version?: number): Promise<FoundCheckpoint | undefined> {
    const [row] = await this.#query<FoundRow>(
      'checkpoint-get',
      'SELECT * FROM tollgate_get_checkpoint($1, $2, $3)',
      [tenantId, runId, version],
    );
    return row && toFound(row);
  }

  async delete(
    tenantId: string,
    runId: string,
    { ifVersion, boundAgentId }: DeleteCondition = {},
  ): Promise<number | undefined> {
    const [row] = await this.#query<DeleteRow>(
      'checkpoint-delete',
      'SELECT * FROM tollgate_delete_checkpoint($1, $2, $3, $4)',
      [tenantId, runId, ifVersion, boundAgentId],
    );
    if (!row) throw notAnswered();
    if (row.outcome === 'conflict') throw versionConflict(Number(row.o_version));
    if (row.outcome === 'foreign') throw foreignRun();
    return row.outcome === 'deleted' ? Number(row.o_version) : undefined;
  }

  async list(tenantId: string, query: CheckpointQuery): Promise<CheckpointPage> {
    const { agentId, status, createdAfter, createdBefore, limit } = query;
    const after = parseCursor(query.cursor);
    const rows = await this.#query<HeadRow>(
      'checkpoint-list',
      'SELECT * FROM tollgate_list_checkpoints($1, $2, $3, $4, $5, $6, $7, $8)',
      [
        ...[tenantId, agentId, status, createdAfter, createdBefore],
        ...[after?.createdAt, after?.runId, limit + 1],
      ],
    );
    return toPage(rows.map(toListed), limit);
  }

  async #query<T extends object>(name: string, text: string, values: unknown[]): Promise<T[]> {
    if (this.pool.waitingCount >= MAX_WAITING) throw storeUnavailable();
    try {
      return (await this.pool.query<T>({ name, text, values })).rows;
    } catch (error) {
      throw storeUnavailable(error);
    }
  }
}
