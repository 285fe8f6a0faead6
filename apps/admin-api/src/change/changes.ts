import { appendAudit, inTransaction, type AuditEntry } from '@tollgate/stores';
import type { Pool, PoolClient } from 'pg';
import { answerOf, type Answer } from '../operation/answer.js';
import type { OperationCall } from '../operation/operation-call.js';
import { IdempotencyRecords } from './idempotency-records.js';

/** What an operation has changed, and what it answers. */
export interface Change {
  /** Undefined: no body. */
  readonly body: object | undefined;
  /** The edition that the answer shows. */
  readonly version?: number;
  /** The body as it is kept for the request being sent again; without secrets. Default: the same. */
  readonly keptBody?: object;
  readonly audit: Omit<AuditEntry, 'actor' | 'requestId'>;
  /** Whether everything is to be taken back, since somebody only wanted to see. */
  readonly isDryRun?: boolean;
}

/**
 * Makes the changes of operators, one after the other: in one transaction the change, its entry in the audit, and the
 * answer that a repeated request gets. Either all of them stand or none.
 */
export class Changes {
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly pool: Pool) {}

  /** Makes a change when it is its turn; `work` uses the given connection alone. */
  make(call: OperationCall, work: (client: PoolClient) => Promise<Change>): Promise<Answer> {
    // Waiting here, and not for the lock below, it keeps no connection from those who read.
    const turn = this.#last.then(() => this.#make(call, work));
    this.#last = turn.catch(() => undefined); // its own caller is told
    return turn;
  }

  #make(call: OperationCall, work: (client: PoolClient) => Promise<Change>): Promise<Answer> {
    return inTransaction(this.pool, async (client) => {
      // One at a time: they are rare, and two that wait for each other's rows would end in a deadlock.
      await client.query("SELECT pg_advisory_xact_lock(hashtext('tollgate_admin_change'))");
      const records = new IdempotencyRecords(client);
      const replay = await records.find(call);
      if (replay) return { isCommitted: true, result: replay };
      const { body, keptBody, version, audit, isDryRun = false } = await work(client);
      const answer = answerOf(body, version);
      if (isDryRun) return { isCommitted: false, result: answer };
      await records.keep(call, keptBody ? { ...answer, ...jsonOf(keptBody) } : answer);
      await appendAudit(client, { ...audit, actor: call.operator.id, requestId: call.requestId });
      return { isCommitted: true, result: answer };
    });
  }
}

const jsonOf = (body: object): Pick<Answer, 'json'> => ({ json: JSON.stringify(body) });
