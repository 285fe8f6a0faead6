import { timingSafeEqual } from 'node:crypto';
import type { Queryable } from '@tollgate/database';
import { TollgateError } from '@tollgate/domain';
import type { Answer } from '../operation/answer.js';
import type { OperationCall } from '../operation/operation-call.js';

const KEPT_FOR = '1 day';

interface Row {
  readonly request_sha256: Buffer;
  readonly etag: string | null;
  readonly body: string;
}

/**
 * Answers that were given to POSTs, by operator and Idempotency-Key, for a day: a request that is sent again gets the
 * same bytes and does nothing. Secrets are not among them.
 */
export class IdempotencyRecords {
  constructor(private readonly client: Queryable) {}

  /**
   * The answer that this request got before; undefined when it is new.
   * @throws TollgateError `idempotency_key_reused`
   */
  async find({ operator, idempotencyKey, fingerprint }: OperationCall): Promise<Answer | undefined> {
    if (idempotencyKey === undefined) return undefined;
    await this.client.query(
      `DELETE FROM idempotency_records WHERE created_at < now() - interval '${KEPT_FOR}'`,
    );
    const { rows } = await this.client.query<Row>(
      'SELECT request_sha256, etag, body FROM idempotency_records WHERE operator = $1 AND key = $2',
      [operator.id, idempotencyKey],
    );
    const [row] = rows;
    if (!row) return undefined;
    if (!timingSafeEqual(row.request_sha256, fingerprint))
      throw new TollgateError(
        'idempotency_key_reused',
        'This Idempotency-Key belongs to another request. Take a new one for each action.',
        { param: 'idempotency-key' },
      );
    return { json: row.body, etag: row.etag ?? undefined, isReplay: true };
  }

  /** Keeps an answer. */
  async keep(call: OperationCall, answer: Answer): Promise<void> {
    if (call.idempotencyKey === undefined) return;
    await this.client.query(
      'INSERT INTO idempotency_records (operator, key, request_sha256, status, etag, body) VALUES ($1, $2, $3, $4, $5, $6)',
      [
        call.operator.id,
        call.idempotencyKey,
        call.fingerprint,
        call.operation.status,
        answer.etag ?? null,
        answer.json ?? '',
      ],
    );
  }
}
