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
import { GET_MANY_SQL, GET_ONE_SQL, toGetRecord, type GetCall } from './get-call.js';
import { GroupedCalls } from './grouped-calls.js';
import {
  PUT_MANY_SQL,
  PUT_ONE_SQL,
  toPut,
  toPutRecord,
  toPutValues,
  type PutCall,
  type PutRow,
} from './put-call.js';
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
 * Checkpoints in Postgres, and the index of those that are in the archive. Each call is a function of the
 * migrations, which also tells row-level security the tenant; puts and gets share round trips when there are many.
 */
export class PostgresCheckpointStore extends CheckpointStore {
  readonly #puts = new GroupedCalls<PutCall, PutRow | undefined>({
    callAlone: (call) => this.#putAlone(call),
    callTogether: (calls) => this.#callTogether('checkpoint-put-many', PUT_MANY_SQL, calls.map(toPutRecord)),
    ...{ maxGroup: MAX_PUTS, maxUnderWay: MAX_GROUPS, maxWaiting: MAX_WAITING, toError: storeUnavailable },
  });
  readonly #gets = new GroupedCalls<GetCall, FoundRow | undefined>({
    callAlone: (call) => this.#getAlone(call),
    callTogether: (calls) => this.#callTogether('checkpoint-get-many', GET_MANY_SQL, calls.map(toGetRecord)),
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
    const row = await (isLarge ? this.#putAlone(call) : this.#puts.call(call));
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

  async #putAlone(call: PutCall): Promise<PutRow | undefined> {
    return (await this.#query<PutRow>('checkpoint-put', PUT_ONE_SQL, toPutValues(call)))[0];
  }

  async #getAlone({ tenantId, runId, version }: GetCall): Promise<FoundRow | undefined> {
    return (await this.#query<FoundRow>('checkpoint-get', GET_ONE_SQL, [tenantId, runId, version]))[0];
  }

  /** As JSON, which is made and read several times faster than an array for each column. */
  async #callTogether<T extends object>(
    name: string,
    text: string,
    calls: readonly object[],
  ): Promise<(T | undefined)[]> {
    const values = [JSON.stringify(calls.map((call, place) => ({ place, ...call })))];
    const { rows } = await this.pool.query<T & { readonly place: number }>({ name, text, values });
    const answers: (T | undefined)[] = calls.map(() => undefined);
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
