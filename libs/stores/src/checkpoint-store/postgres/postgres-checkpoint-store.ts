import type { Pool } from 'pg';
import type { CheckpointDraft, FoundCheckpoint } from '../checkpoint.js';
import { foreignRun, versionConflict } from '../checkpoint-refusals.js';
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
import { GET_SQL, toGetValues, type GetCall } from './get-call.js';
import { GroupedCalls } from './grouped-calls.js';
import { PUT_SQL, toPut, toPutValues, type PutCall, type PutRow } from './put-call.js';
import { notAnswered, storeUnavailable } from './store-failure.js';

/** Calls that may wait for a connection; a pool alone would let them pile up, documents and all. */
const MAX_WAITING = 200;
/** Round trips of grouped calls at the same time, puts and gets each: with more, groups would be smaller. */
const MAX_GROUPS = 2;
/** Larger documents, after gzip, go alone. */
const MAX_GROUPED_BYTES = 64 * 1024;
const MAX_PUTS = 32;
/** Nobody knows how large the documents are that will be read: as many as are read at once bound their memory. */
const MAX_GETS = 8;

interface DeleteRow {
  readonly outcome: 'deleted' | 'conflict' | 'foreign' | 'missing';
  readonly o_version: string;
}

/**
 * Checkpoints in Postgres, and the index of those that are in the archive. Each call is a function of the migrations, which
 * also tells row-level security the tenant; puts and gets share round trips when there are many.
 */
export class PostgresCheckpointStore extends CheckpointStore {
  readonly #puts = new GroupedCalls<PutCall, PutRow | undefined>({
    callTogether: (calls) => this.#call('checkpoint-put', PUT_SQL, toPutValues(calls)),
    ...{ maxGroup: MAX_PUTS, maxUnderWay: MAX_GROUPS, maxWaiting: MAX_WAITING, toError: storeUnavailable },
  });
  readonly #gets = new GroupedCalls<GetCall, FoundRow | undefined>({
    callTogether: (calls) => this.#call('checkpoint-get', GET_SQL, toGetValues(calls)),
    ...{ maxGroup: MAX_GETS, maxUnderWay: MAX_GROUPS, maxWaiting: MAX_WAITING, toError: storeUnavailable },
  });

  constructor(private readonly pool: Pool) {
    super();
  }

  async put(
    tenantId: string,
    runId: string,
    draft: CheckpointDraft,
    options: PutOptions,
  ): Promise<PutCheckpoint> {
    const call = { tenantId, runId, draft, options };
    const isLarge = draft.documentGzip.length > MAX_GROUPED_BYTES;
    const row = isLarge
      ? (await this.#query<PutRow>('checkpoint-put', PUT_SQL, toPutValues([call])))[0]
      : await this.#puts.call(call);
    if (!row) throw notAnswered();
    return toPut(row, options);
  }

  async get(tenantId: string, runId: string, version?: number): Promise<FoundCheckpoint | undefined> {
    const row = await this.#gets.call({ tenantId, runId, version });
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

  /** Rows by the place of their calls. */
  async #call<T extends object>(name: string, text: string, values: unknown[]): Promise<(T | undefined)[]> {
    const { rows } = await this.pool.query<T & { readonly place: number }>({ name, text, values });
    const answers: T[] = [];
    for (const row of rows) answers[row.place] = row;
    return answers;
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
