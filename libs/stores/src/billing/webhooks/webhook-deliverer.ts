import type { Pool } from 'pg';
import type { Clock } from '@tollgate/domain';
import type { AddressPolicy } from './address-policy.js';
import {
  resolveHost,
  sendWebhook,
  TIMED_OUT,
  WebhookRefusedError,
  type ResolveHost,
} from './send-webhook.js';
import { signWebhook } from './signature.js';
import { webhookBody } from './webhook-body.js';

const BATCH = 20;
const TIMEOUT_MS = 10_000;
const LEASE_MS = 60_000;
const MIN_BACKOFF_MS = 30_000;
const MAX_BACKOFF_MS = 6 * 3_600_000;
const MAX_ATTEMPTS = 12;
const MAX_ERROR_CHARS = 200;

/** What deliveries need. */
export interface WebhookDelivererOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly policy: AddressPolicy;
  /** How hosts are resolved; default: by the system. */
  readonly resolve?: ResolveHost;
  /** From 0 to below 1; default Math.random. */
  readonly random?: () => number;
  /** How long one attempt may take; default 10 s, and well below the lease of a minute. */
  readonly timeoutMs?: number;
}

interface Claim {
  readonly id: string;
  readonly attempts: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly created_at: Date;
  readonly url: string;
  readonly secret: string;
}

interface Attempt {
  readonly status: number | undefined;
  readonly error: string | undefined;
  readonly excerpt: string | undefined;
}

// What is claimed is due again after the lease: if its replica dies, another one takes it, under the same id.
const CLAIM_SQL = `
  WITH due AS (
    SELECT d.id FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id AND e.is_enabled
    WHERE d.state = 'pending' AND d.next_attempt_at <= $1 ORDER BY d.next_attempt_at LIMIT ${BATCH} FOR UPDATE OF d SKIP LOCKED
  )
  UPDATE webhook_deliveries d SET attempts = d.attempts + 1, next_attempt_at = $2
  FROM due, webhook_endpoints e WHERE d.id = due.id AND e.id = d.endpoint_id
  RETURNING d.id, d.attempts, d.type, d.data, d.created_at, e.url, e.secret`;

// Whoever was slower than its lease logs its attempt, and a success counts; it does not undo what others did since.
const FINISH_SQL = `
  WITH logged AS (
    INSERT INTO webhook_attempts (delivery_id, attempt, at, duration_ms, status, error, response)
    SELECT $1, $2, $3, $4, $5, $6, $7 WHERE EXISTS (SELECT FROM webhook_deliveries WHERE id = $1) ON CONFLICT DO NOTHING
  )
  UPDATE webhook_deliveries SET state = $8, next_attempt_at = $9, ended_at = $10
  WHERE id = $1 AND state = 'pending' AND (attempts = $2 OR $8 = 'delivered')`;

/** How long to wait before the next attempt: anything up to a bound that doubles, so that many receivers' retries spread. */
export function backoffMs(attempts: number, random: () => number): number {
  // Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
  return Math.floor(random() * Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** (attempts - 1)));
}

/**
 * Delivers queued messages, at least once each and always under the same `webhook-id`, by which a receiver knows one again.
 * Any number of replicas may run it. A message that no attempt of 12, over a day or so, got an answer of 2xx for has failed.
 */
export class WebhookDeliverer {
  constructor(private readonly options: WebhookDelivererOptions) {}

  /** Claims what is due, up to 20 messages, tries each once, and answers how many there were; call it again while there are. */
  async run(): Promise<number> {
    const { pool, clock } = this.options;
    const nowMs = clock.now();
    const { rows } = await pool.query<Claim>(CLAIM_SQL, [new Date(nowMs), new Date(nowMs + LEASE_MS)]);
    await Promise.all(rows.map((claim) => this.#deliver(claim)));
    return rows.length;
  }

  async #deliver(claim: Claim): Promise<void> {
    const { pool, clock, random = Math.random } = this.options;
    const startMs = clock.now();
    const { status, error, excerpt } = await this.#attempt(claim, startMs);
    const nowMs = clock.now();
    const isDelivered = status !== undefined && status >= 200 && status < 300;
    const state = isDelivered ? 'delivered' : claim.attempts >= MAX_ATTEMPTS ? 'failed' : 'pending';
    await pool.query(FINISH_SQL, [
      claim.id,
      claim.attempts,
      new Date(startMs),
      Math.max(0, Math.round(nowMs - startMs)),
      status,
      error,
      excerpt,
      state,
      new Date(nowMs + backoffMs(claim.attempts, random)),
      state === 'pending' ? null : new Date(nowMs),
    ]);
  }

  async #attempt(claim: Claim, nowMs: number): Promise<Attempt> {
    const { policy, resolve = resolveHost, timeoutMs = TIMEOUT_MS } = this.options;
    const body = webhookBody({ type: claim.type, data: claim.data, createdAtMs: claim.created_at.getTime() });
    const seconds = Math.floor(nowMs / 1000);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'tollgate-webhooks',
      'webhook-id': claim.id,
      'webhook-timestamp': seconds.toString(),
      'webhook-signature': signWebhook(claim.secret, claim.id, seconds, body),
    };
    try {
      const answer = await sendWebhook({ url: claim.url, headers, body, timeoutMs, policy, resolve });
      return {
        ...answer,
        error: answer.status >= 300 && answer.status < 400 ? 'redirects are not followed' : undefined,
      };
    } catch (error) {
      return { status: undefined, error: describe(error), excerpt: undefined };
    }
  }
}

// The message of a connection's error may name what a resolver said: the code is enough for whoever reads the log.
function describe(error: unknown): string {
  if (error instanceof WebhookRefusedError) return error.message;
  const { name, code, message } = error as Partial<NodeJS.ErrnoException>;
  if (name === 'AbortError' || name === 'TimeoutError' || message === TIMED_OUT) return TIMED_OUT;
  return (code ?? name ?? 'failed').slice(0, MAX_ERROR_CHARS);
}
