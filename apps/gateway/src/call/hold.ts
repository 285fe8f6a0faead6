import type { ChatRequest, TokenCounter } from '@tollgate/adapters';
import { monthOfUuidV7 } from '@tollgate/domain';
import {
  BudgetStoreUnavailableError,
  type Attribution,
  type BudgetStore,
  type Headroom,
  type Hold,
  type HoldOutcome,
} from '@tollgate/stores';
import type { Principal } from '@tollgate/tenant-config';
import {
  boundCheaply,
  boundExactly,
  maxCostOf,
  refuseAbove,
  type Bound,
  type RequestLimits,
} from './bound.js';
import { budgetScopes } from './budget-scopes.js';
import type { HoldFacts } from './presumed-event.js';
import { toLimitError } from './refuse.js';
import type { ResolvedModel } from './resolve-model.js';

/** What the hold step works with. */
export interface HoldStepOptions {
  readonly budgets: BudgetStore;
  readonly counter: TokenCounter;
  readonly limits: RequestLimits;
  readonly holdTtlMs: number;
  /** Whether calls pass without a hold while the store is down. */
  readonly failOpen: boolean;
}

/** A request on its way to its hold. */
export interface HoldInput {
  readonly requestId: string;
  readonly principal: Principal;
  readonly attribution: Attribution;
  readonly request: ChatRequest;
  readonly resolved: ResolvedModel;
}

/** The bound that fitted and the hold on it; without headroom when the store was down and calls may pass. */
export interface TakenHold {
  readonly bound: Bound;
  readonly hold: Hold;
  readonly headroom: Headroom | undefined;
}

/** Reserves what a call can cost: by its length first, and by its exact tokens only when that does not fit. */
export class HoldStep {
  constructor(private readonly options: HoldStepOptions) {}

  /** @throws TollgateError for every limit that does not fit, and `budget_store_unavailable` */
  async take(input: HoldInput): Promise<TakenHold> {
    const maxCostNanoUsd = maxCostOf(input.principal.tenant, this.options.limits);
    const cheap = boundCheaply(input.request, input.resolved, this.options.limits);
    if (cheap.costNanoUsd <= maxCostNanoUsd) {
      const first = await this.#hold(input, cheap);
      if (first.outcome?.held !== false) return taken(cheap, first);
      const { reason } = first.outcome.refusal;
      if (reason !== 'budget' && reason !== 'tokens') throw toLimitError(first.outcome.refusal);
    }
    const exact = await boundExactly(cheap, input.request, input.resolved, this.options.counter);
    refuseAbove(maxCostNanoUsd, exact);
    const second = await this.#hold(input, exact);
    if (second.outcome?.held === false) throw toLimitError(second.outcome.refusal);
    return taken(exact, second);
  }

  async #hold(input: HoldInput, bound: Bound): Promise<{ hold: Hold; outcome: HoldOutcome | undefined }> {
    const hold: Hold = {
      requestId: input.requestId,
      tenantId: input.attribution.tenantId,
      scopes: budgetScopes(input.principal, input.attribution, monthOfUuidV7(input.requestId)),
      amountNanoUsd: bound.costNanoUsd,
      tokens: bound.inputTokens + bound.outputTokens,
      ttlMs: this.options.holdTtlMs,
      facts: JSON.stringify(factsOf(input)),
    };
    try {
      return { hold, outcome: await this.options.budgets.hold(hold) };
    } catch (error) {
      if (!this.options.failOpen || !(error instanceof BudgetStoreUnavailableError)) throw error;
      return { hold, outcome: undefined };
    }
  }
}

function taken(bound: Bound, { hold, outcome }: { hold: Hold; outcome: HoldOutcome | undefined }): TakenHold {
  return { bound, hold, headroom: outcome?.held ? outcome.headroom : undefined };
}

function factsOf({ principal, attribution, request, resolved }: HoldInput): HoldFacts {
  return {
    keyId: attribution.keyId,
    agentId: attribution.agentId,
    runId: attribution.runId,
    taskType: attribution.taskType,
    modelAsked: request.model,
    model: resolved.model.id,
    modelProvider: resolved.model.modelProvider,
    priceVersion: resolved.model.priceVersion,
    streamed: request.stream,
    configHash: principal.tenant.configHash,
  };
}
