import type { CallOutcome } from '@tollgate/adapters';
import { NANO_PER_CENT } from '@tollgate/domain';
import { CallMeter, type GatewayMetrics } from '@tollgate/metrics';
import type { UsageEvent } from '@tollgate/stores';
import type { Counter } from 'prom-client';
import type { Logger } from 'pino';
import type { OpenCall } from './call/open-call.js';
import type { CallObserver } from './call/river.js';

const OTHER = 'other';
const MAX_TENANTS = 10_000;

/** Puts every call into the metrics and the log; never a prompt, a completion or a key. */
export class GatewayObserver implements CallObserver {
  readonly #meter: CallMeter;
  readonly #degraded: Counter;
  readonly #boundExceeded: Counter;
  readonly #failedTries: Counter;
  readonly #remainingNanoUsd = new Map<string, number>();

  constructor(
    metrics: GatewayMetrics,
    private readonly logger: Logger,
  ) {
    this.#meter = new CallMeter(metrics);
    this.#degraded = metrics.counter('tollgate_degraded_calls_total');
    this.#failedTries = metrics.counter('tollgate_failed_tries_total');
    this.#boundExceeded = metrics.counter('bound_exceeded_total');
    metrics.gauge('nova_llm_tenant_budget_remaining_cents', (gauge) => {
      for (const [tenant_id, nanoUsd] of this.#remainingNanoUsd)
        gauge.set({ tenant_id }, nanoUsd / NANO_PER_CENT);
    });
  }

  onOpened({ facts: { headroom, attribution } }: OpenCall): void {
    if (!headroom) this.#degraded.inc();
    else if (headroom.tenantBudgetNanoUsd !== undefined)
      this.#remember(attribution.tenantId, headroom.tenantBudgetNanoUsd);
  }

  onFailedTry(
    { requestId, attempt, modelProvider, model, errorCode }: UsageEvent,
    outcome: CallOutcome,
  ): void {
    this.#failedTries.inc({ provider: modelProvider, model });
    this.logger.warn(
      { requestId, attempt, model, errorCode, cause: causeOf(outcome) },
      'upstream call failed, trying again',
    );
  }

  onFinished(call: OpenCall, event: UsageEvent, outcome: CallOutcome): void {
    const { principal, headroom, hold, startedMs } = call.facts;
    const { bound } = call.served;
    if (event.costNanoUsd > bound.costNanoUsd) this.#boundExceeded.inc();
    if (headroom?.tenantBudgetNanoUsd !== undefined)
      this.#remember(event.tenantId, headroom.tenantBudgetNanoUsd + hold.amountNanoUsd - event.costNanoUsd);
    this.#meter.record({
      modelProvider: event.modelProvider,
      model: event.model,
      tenantId: event.tenantId,
      agentId: event.agentId !== null && principal.tenant.agents.has(event.agentId) ? event.agentId : OTHER,
      status: event.status,
      usage: event,
      costNanoUsd: event.costNanoUsd,
      durationMs: event.latencyMs,
      firstTokenMs: event.firstTokenMs,
      overheadMs: call.upstreamAtMs === undefined ? undefined : call.upstreamAtMs - startedMs,
    });
    if (this.logger.isLevelEnabled('info')) this.logger.info(logged(event), 'model call ended');
    const { requestId, errorCode } = event;
    if (outcome.status === 'failed')
      this.logger.warn({ requestId, errorCode, cause: causeOf(outcome) }, 'upstream call failed');
  }

  #remember(tenantId: string, nanoUsd: number): void {
    if (this.#remainingNanoUsd.has(tenantId) || this.#remainingNanoUsd.size < MAX_TENANTS)
      this.#remainingNanoUsd.set(tenantId, Math.max(0, nanoUsd));
  }
}

// Ids, tokens and money of a call; an event has nothing that a prompt or a key could be in.
function logged(event: UsageEvent): object {
  const { requestId, tenantId, keyId, agentId, runId, model, status, errorCode } = event;
  const { inputTokens, outputTokens, costNanoUsd, latencyMs } = event;
  return {
    requestId,
    tenantId,
    keyId,
    agentId,
    runId,
    model,
    status,
    errorCode,
    inputTokens,
    outputTokens,
    costNanoUsd,
    latencyMs,
  };
}

// A cause's code and name say what broke; its message could hold what was sent.
function causeOf({ error }: CallOutcome): string | undefined {
  const cause = error?.cause;
  if (!(cause instanceof Error)) return undefined;
  return 'code' in cause ? `${cause.name} ${String(cause.code)}` : cause.name;
}
