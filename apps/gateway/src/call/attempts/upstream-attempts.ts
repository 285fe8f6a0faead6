import { BrokenCircuitError, ExponentialBackoff } from 'cockatiel';
import type { CallOutcome, Completion, ModelCall } from '@tollgate/adapters';
import { TollgateError } from '@tollgate/domain';
import type { OpenCall } from '../open-call.js';
import type { ServedModel } from '../resolve-model.js';
import type { Breakers } from './breakers.js';

const MAX_WAIT_MS = 10_000;
const BACKOFF = new ExponentialBackoff({ initialDelay: 200, maxDelay: 5_000 });

const TRANSIENT = new Set(['upstream_error', 'upstream_timeout', 'upstream_rate_limited']);
/** Another model provider may well do what this one would not. */
const WORTH_ANOTHER_MODEL = new Set([
  ...TRANSIENT,
  'upstream_authentication_failed',
  'model_provider_unavailable',
]);

/** One upstream call. */
export type Send = (served: ServedModel, call: ModelCall) => Promise<Completion>;

/** What attempts need. */
export interface UpstreamAttemptsOptions {
  readonly breakers: Breakers;
  /** Of one model; a call that falls back makes as many again at most. */
  readonly maxTries: number;
  /** Puts a failed try into the ledger; the call goes on. */
  readonly onFailedTry: (call: OpenCall, outcome: CallOutcome) => void;
}

/**
 * Makes upstream calls until one answers: the same model again, with jittered delays or as long as the model provider
 * asks for, then the fallback model. Only what cost nothing is tried again, since one hold covers all tries.
 */
export class UpstreamAttempts {
  constructor(private readonly options: UpstreamAttemptsOptions) {}

  /** @param isStarted whether the client has seen anything of an answer */
  async run(call: OpenCall, send: Send, isStarted: () => boolean): Promise<Completion> {
    const outcome = await this.#tryModel(call, send, isStarted);
    if (call.isFallback || !mayRepeat(call, outcome, WORTH_ANOTHER_MODEL, isStarted)) return outcome;
    const fallback = call.facts.findFallback();
    if (!fallback) return outcome;
    this.options.onFailedTry(call, outcome);
    call.serveBy(fallback);
    return this.#tryModel(call, send, isStarted);
  }

  async #tryModel(call: OpenCall, send: Send, isStarted: () => boolean): Promise<Completion> {
    let backoff = BACKOFF.next();
    for (let tries = 1; ; tries += 1) {
      const outcome = await this.#sendOnce(call, send);
      if (outcome.status === 'completed' || tries >= this.options.maxTries) return outcome;
      if (!mayRepeat(call, outcome, TRANSIENT, isStarted)) return outcome;
      const waitMs = Math.max(outcome.error?.retryAfterMs ?? 0, backoff.duration);
      // Whoever must wait longer is better served by another model, or told to come back.
      if (waitMs > MAX_WAIT_MS) return outcome;
      this.options.onFailedTry(call, outcome);
      await call.wait(waitMs);
      backoff = backoff.next(undefined);
    }
  }

  async #sendOnce(call: OpenCall, send: Send): Promise<Completion> {
    const { served } = call;
    const sending = (): Promise<Completion> => send(served, call.toModelCall());
    const breaker = this.options.breakers.of(served.model);
    if (!breaker) return sending();
    try {
      return await breaker.execute(sending);
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      return {
        status: 'failed',
        billing: { kind: 'none' },
        error: new TollgateError(
          'model_provider_unavailable',
          'The model provider fails too often right now; calls to it are paused.',
          { retryAfterMs: 1000 },
        ),
      };
    }
  }
}

function mayRepeat(
  call: OpenCall,
  { status, billing, error }: CallOutcome,
  codes: ReadonlySet<string>,
  isStarted: () => boolean,
): boolean {
  const isFree = status === 'failed' && billing.kind === 'none';
  return isFree && error !== undefined && codes.has(error.code) && !isStarted() && !call.cancellation.reason;
}
