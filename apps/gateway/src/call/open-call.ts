import {
  CallAbortedError,
  Cancellation,
  type CallOutcome,
  type ModelCall,
  type ModelRequest,
} from '@tollgate/adapters';
import { NO_TOKENS } from '@tollgate/domain';
import {
  FINAL_ATTEMPT,
  type Attribution,
  type CallStatus,
  type Headroom,
  type Hold,
  type UsageEvent,
} from '@tollgate/stores';
import type { Principal } from '@tollgate/tenant-config';
import type { BoundModel } from './hold.js';
import type { Measured } from './measure.js';
import type { ModelRoute } from './model-route.js';

/** Everything that is known of a call once its money is held. */
export interface CallFacts {
  readonly requestId: string;
  /** What the request's name stood for. */
  readonly askedModelId: string;
  readonly principal: Principal;
  readonly attribution: Attribution;
  readonly route: ModelRoute;
  readonly request: ModelRequest;
  /** The model that the money is held for, and the one that may take its place. */
  readonly served: BoundModel;
  readonly findFallback: () => BoundModel | undefined;
  readonly hold: Hold;
  /** Undefined when the call passed without a budget. */
  readonly headroom: Headroom | undefined;
  /** What this call had to do without: `budget`, `settings` (they are the last good ones). */
  readonly degraded: readonly string[];
  /** When the request came in, by `performance.now()`. */
  readonly startedMs: number;
}

/** A call between its hold and its end. */
export class OpenCall {
  /** Ends the upstream call. */
  readonly cancellation = new Cancellation();
  /** When its money was held, by `performance.now()`. */
  readonly openedMs = performance.now();
  #firstTokenAtMs: number | undefined;
  #upstreamAtMs: number | undefined;
  #served: BoundModel;
  #failedTries = 0;

  constructor(readonly facts: CallFacts) {
    this.#served = facts.served;
  }

  /** The model that the call is made to now. */
  get served(): BoundModel {
    return this.#served;
  }

  /** When the first upstream call was made, by `performance.now()`. */
  get upstreamAtMs(): number | undefined {
    return this.#upstreamAtMs;
  }

  serveBy(fallback: BoundModel): void {
    this.#served = fallback;
  }

  /** Whether another model answers than the one that was asked for. */
  get isFallback(): boolean {
    return this.#served.model.id !== this.facts.askedModelId;
  }

  /** The upstream call to make now. */
  toModelCall(): ModelCall {
    this.#upstreamAtMs ??= performance.now();
    const { requestId, request } = this.facts;
    const { model, bound } = this.#served;
    return { requestId, model, request, outputCap: bound.outputCap, cancellation: this.cancellation };
  }

  /** Waits before another try; a call that is ended meanwhile waits no longer. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.cancellation.onCancel = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  abort(reason: CallAbortedError['reason']): void {
    this.cancellation.cancel(new CallAbortedError(reason));
  }

  markFirstToken(): void {
    this.#firstTokenAtMs ??= performance.now();
  }

  /** The usage event of a try that failed and cost nothing; the call goes on. */
  toFailedTry(outcome: CallOutcome): UsageEvent {
    this.#failedTries += 1;
    const nothing: Measured = { usage: NO_TOKENS, costNanoUsd: 0, source: 'none', presumed: false };
    return this.toEvent(outcome, nothing, this.#failedTries);
  }

  /** The usage event of the call's end, or of a try before it. */
  toEvent(outcome: CallOutcome, measured: Measured, attempt = FINAL_ATTEMPT): UsageEvent {
    const { requestId, principal, attribution, request, startedMs } = this.facts;
    const { model } = this.#served;
    const status: CallStatus = measured.presumed ? 'presumed' : outcome.status;
    return {
      requestId,
      attempt,
      ...attribution,
      modelAsked: request.model,
      model: model.id,
      modelProvider: model.modelProvider,
      ...measured.usage,
      costNanoUsd: measured.costNanoUsd,
      priceVersion: model.priceVersion,
      status,
      errorCode: outcome.error?.code ?? null,
      usageSource: measured.source,
      streamed: request.stream,
      latencyMs: Math.round(performance.now() - startedMs),
      firstTokenMs: this.#firstTokenAtMs === undefined ? null : Math.round(this.#firstTokenAtMs - startedMs),
      configHash: principal.tenant.configHash,
    };
  }
}
