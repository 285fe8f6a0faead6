import { CallAbortedError, Cancellation, type CallOutcome, type ChatRequest } from '@tollgate/adapters';
import {
  FINAL_ATTEMPT,
  type Attribution,
  type CallStatus,
  type Headroom,
  type Hold,
  type UsageEvent,
} from '@tollgate/stores';
import type { Principal } from '@tollgate/tenant-config';
import type { Bound } from './bound.js';
import type { Measured } from './measure.js';
import type { ResolvedModel } from './resolve-model.js';

/** Everything that is known of a call once its money is held. */
export interface CallFacts {
  readonly requestId: string;
  readonly principal: Principal;
  readonly attribution: Attribution;
  readonly request: ChatRequest;
  readonly resolved: ResolvedModel;
  readonly bound: Bound;
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
  /** When the upstream request was sent, by `performance.now()`. */
  upstreamAtMs: number | undefined;

  constructor(readonly facts: CallFacts) {}

  abort(reason: CallAbortedError['reason']): void {
    this.cancellation.cancel(new CallAbortedError(reason));
  }

  markFirstToken(): void {
    this.#firstTokenAtMs ??= performance.now();
  }

  /** The usage event of the call's end, or of a try before it. */
  toEvent(outcome: CallOutcome, measured: Measured, attempt = FINAL_ATTEMPT): UsageEvent {
    const { requestId, principal, attribution, request, resolved, startedMs } = this.facts;
    const status: CallStatus = measured.presumed ? 'presumed' : outcome.status;
    return {
      requestId,
      attempt,
      ...attribution,
      modelAsked: request.model,
      model: resolved.model.id,
      modelProvider: resolved.model.modelProvider,
      ...measured.usage,
      costNanoUsd: measured.costNanoUsd,
      priceVersion: resolved.model.priceVersion,
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
