import { BrokenCircuitError, ExponentialBackoff, type IBackoff } from 'cockatiel';
import type { CallOutcome, Completion, ModelCall } from '@tollgate/adapters';
import { TollgateError } from '@tollgate/domain';
import { BudgetStoreUnavailableError, type ProviderLimits, type ProviderPermit } from '@tollgate/stores';
import type { OpenCall } from '../open-call.js';
import type { ServedModel } from '../resolve-model.js';
import type { Breakers } from './breakers.js';

const MAX_WAIT_MS = 10_000;
const BACKOFF = new ExponentialBackoff({ initialDelay: 200, maxDelay: 5_000 });

/** The gateway itself held the call back: no upstream call was made. */
const NOT_SENT = ['model_provider_unavailable', 'rate_limit_exceeded'];
const TRANSIENT = new Set(['upstream_error', 'upstream_timeout', 'upstream_rate_limited']);
/** Another model provider may well do what this one would not. */
const WORTH_ANOTHER_MODEL = new Set([...TRANSIENT, 'upstream_authentication_failed', ...NOT_SENT]);

/** One upstream call. */
export type Send = (served: ServedModel, call: ModelCall) => Promise<Completion>;

/** What attempts need. */
export interface UpstreamAttemptsOptions {
  readonly breakers: Breakers;
  readonly limits: ProviderLimits;
  /** Whether calls pass while the store of the limits is down. */
  readonly failOpen: boolean;
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
    if (!NOT_SENT.includes(outcome.error?.code ?? '')) this.options.onFailedTry(call, outcome);
    call.serveBy(fallback);
    return this.#tryModel(call, send, isStarted);
  }

  async #tryModel(call: OpenCall, send: Send, isStarted: () => boolean): Promise<Completion> {
    let backoff: IBackoff<unknown> | undefined;
    for (let tries = 1; ; tries += 1) {
      const outcome = await this.#sendOnce(call, send);
      if (outcome.status === 'completed' || tries >= this.options.maxTries) return outcome;
      if (!mayRepeat(call, outcome, TRANSIENT, isStarted)) return outcome;
      backoff = backoff ? backoff.next(undefined) : BACKOFF.next();
      const waitMs = Math.max(outcome.error?.retryAfterMs ?? 0, backoff.duration);
      // Whoever must wait longer is better served by another model, or told to come back.
      if (waitMs > MAX_WAIT_MS) return outcome;
      this.options.onFailedTry(call, outcome);
      await call.wait(waitMs);
    }
  }

  async #sendOnce(call: OpenCall, send: Send): Promise<Completion> {
    const { served } = call;
    const permit = this.#takePermit(served.model.modelProvider);
    const refused = permit instanceof Promise ? await permit : permit;
    if (refused) return notSent(refused);
    const sending = (): Promise<Completion> => send(served, call.toModelCall());
    const breaker = this.options.breakers.of(served.model);
    if (!breaker) return sending();
    try {
      return await breaker.execute(sending);
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      return notSent(
        new TollgateError(
          'model_provider_unavailable',
          'The model provider fails too often right now; calls to it are paused.',
          { retryAfterMs: 1000 },
        ),
      );
    }
  }

  /** Answers the error that keeps a call from being sent. */
  #takePermit(modelProvider: string): TollgateError | undefined | Promise<TollgateError | undefined> {
    const permit = this.options.limits.take(modelProvider);
    // The usual permit is at hand: no promise is made for it.
    if (!(permit instanceof Promise)) return toRefusal(modelProvider, permit);
    return permit.then(
      (given) => toRefusal(modelProvider, given),
      (error: unknown) => {
        if (this.options.failOpen && error instanceof BudgetStoreUnavailableError) return undefined;
        return error instanceof TollgateError ? error : new BudgetStoreUnavailableError(error);
      },
    );
  }
}

const notSent = (error: TollgateError): CallOutcome => ({
  status: 'failed',
  billing: { kind: 'none' },
  error,
});

function toRefusal(modelProvider: string, permit: ProviderPermit): TollgateError | undefined {
  if (permit.granted) return undefined;
  const { limit, used, retryAfterMs } = permit;
  const resetsAt = retryAfterMs === undefined ? null : new Date(Date.now() + retryAfterMs).toISOString();
  return new TollgateError(
    'rate_limit_exceeded',
    `The gateway's own limit of ${limit} requests per minute to ${modelProvider} is used up.`,
    {
      facts: {
        scope: 'model_provider',
        limit,
        used,
        held: 0,
        window: 'requests',
        resets_at: resetsAt,
        retry_after_ms: retryAfterMs ?? null,
      },
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
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
