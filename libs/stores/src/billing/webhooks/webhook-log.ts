import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import type { Clock } from '@tollgate/domain';
import { BillingError } from '../billing-error.js';
import { pageLimit, timeMs } from '../input-shapes.js';
import { parseInput } from '../parse-input.js';

type Row = Readonly<Record<string, unknown>>;

const deliveryId = z.string().regex(/^msg_[0-9a-f]{32}$/, 'Must be the id of a delivery');
const pageDraft = z.strictObject({ endpointId: z.uuid(), limit: pageLimit, before: deliveryId.optional() });

/** One attempt to deliver a message. */
export interface WebhookAttempt {
  /** From 1. */
  readonly attempt: number;
  readonly atMs: number;
  readonly durationMs: number;
  /** The HTTP status; null when there was no answer. */
  readonly status: number | null;
  readonly error: string | null;
  /** The beginning of the answer's body. */
  readonly response: string | null;
}

/** A message to one endpoint; times in ms since the epoch. */
export interface WebhookDelivery {
  /** The `webhook-id`. */
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly createdAtMs: number;
  readonly state: 'pending' | 'delivered' | 'failed';
  /** While pending. */
  readonly nextAttemptAtMs: number | undefined;
  /** Oldest first. */
  readonly attempts: readonly WebhookAttempt[];
}

const SELECT = `
  SELECT d.*, (SELECT coalesce(json_agg(json_build_object('attempt', a.attempt, 'atMs', (extract(epoch FROM a.at) * 1000)::bigint,
    'durationMs', a.duration_ms, 'status', a.status, 'error', a.error, 'response', a.response) ORDER BY a.attempt), '[]')
    FROM webhook_attempts a WHERE a.delivery_id = d.id) AS log
  FROM webhook_deliveries d`;

function toDelivery(row: Row): WebhookDelivery {
  const state = row['state'] as WebhookDelivery['state'];
  return {
    id: String(row['id']),
    type: String(row['type']),
    data: row['data'] as Record<string, unknown>,
    createdAtMs: (row['created_at'] as Date).getTime(),
    state,
    nextAttemptAtMs: state === 'pending' ? (row['next_attempt_at'] as Date).getTime() : undefined,
    attempts: row['log'] as WebhookAttempt[],
  };
}

/** What was sent to whom, and what came of it. */
export class WebhookLog {
  constructor(private readonly options: { readonly pool: Pool | PoolClient; readonly clock: Clock }) {}

  /** @throws BillingError `invalid_input`, `delivery_not_found` */
  async get(id: string): Promise<WebhookDelivery> {
    const { rows } = await this.options.pool.query<Row>(`${SELECT} WHERE d.id = $1`, [
      parseInput(deliveryId, id),
    ]);
    if (!rows[0]) throw new BillingError('delivery_not_found', 'There is no delivery with this id.');
    return toDelivery(rows[0]);
  }

  /** An endpoint's deliveries, newest first; `nextBefore` is the `before` of the next page. */
  async list(
    input: z.input<typeof pageDraft>,
  ): Promise<{ readonly items: readonly WebhookDelivery[]; readonly nextBefore: string | undefined }> {
    const { endpointId, limit, before } = parseInput(pageDraft, input);
    const { rows } = await this.options.pool.query<Row>(
      `${SELECT} WHERE d.endpoint_id = $1
         AND ($2::text IS NULL OR (d.created_at, d.id) < (SELECT created_at, id FROM webhook_deliveries WHERE id = $2))
       ORDER BY d.created_at DESC, d.id DESC LIMIT $3`,
      [endpointId, before ?? null, limit + 1],
    );
    const items = rows.slice(0, limit).map(toDelivery);
    return { items, nextBefore: rows.length > limit ? items.at(-1)?.id : undefined };
  }

  /**
   * Has a failed message tried once more at once, under its own id. One that is pending is tried at once; one that was
   * delivered stays so.
   * @throws BillingError `invalid_input`, `delivery_not_found`
   */
  async retry(id: string): Promise<WebhookDelivery> {
    await this.options.pool.query(
      `UPDATE webhook_deliveries SET state = 'pending', next_attempt_at = $2, ended_at = NULL WHERE id = $1 AND state <> 'delivered'`,
      [parseInput(deliveryId, id), new Date(this.options.clock.now())],
    );
    return this.get(id);
  }

  /** Deletes what ended before an instant (ms since the epoch), and answers how many deliveries that were. */
  async prune(endedBeforeMs: number): Promise<number> {
    const { rowCount } = await this.options.pool.query(
      `DELETE FROM webhook_deliveries WHERE state <> 'pending' AND ended_at < $1`,
      [new Date(parseInput(timeMs, endedBeforeMs))],
    );
    return rowCount ?? 0;
  }
}
