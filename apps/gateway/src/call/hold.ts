import type { ModelRequest, TokenCounter } from '@tollgate/adapters';
import { TollgateError, monthOfUuidV7 } from '@tollgate/domain';
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
import type { ResolvedModel, ServedModel } from './resolve-model.js';

/** What the hold step works with. */
export interface HoldStepOptions {
  readonly budgets: BudgetStore;
  readonly counter: TokenCounter;
  /** The limits on one request to this model provider. */
  readonly limitsOf: (modelProvider: string) => RequestLimits;
  readonly holdTtlMs: number;
  /** Whether calls pass without a hold while the store is down. */
  readonly failOpen: boolean;
}

/** A request on its way to its hold. */
export interface HoldInput {
  readonly requestId: string;
  readonly principal: Principal;
  readonly attribution: Attribution;
  readonly request: ModelRequest;
  readonly resolved: ResolvedModel;
}

/** A model with the bound of a request to it. */
export interface BoundModel extends ServedModel {
  readonly bound: Bound;
}

/** The model whose bound fitted and the hold on it; without headroom when the store was down and calls may pass. */
export interface TakenHold {
  readonly served: BoundModel;
  readonly hold: Hold;
  readonly headroom: Headroom | undefined;
}

/** Reserves what a call can cost: by its length first, and by its exact tokens only when that does not fit. */
export class HoldStep {
  constructor(private readonly options: HoldStepOptions) {}

  /**
   * Holds for the model that was asked for, or for the fallback model when the budget has room for that one only.
   * @throws TollgateError for every limit that does not fit, and `budget_store_unavailable`
   */
  async take(input: HoldInput): Promise<TakenHold> {
    const { resolved } = input;
    if (!resolved.fallback) return this.#takeFor(input, resolved);
    try {
      return await this.#takeFor(input, resolved);
    } catch (error) {
      if (!(error instanceof TollgateError) || error.code !== 'insufficient_quota') throw error;
      try {
        return await this.#takeFor(input, resolved.fallback);
      } catch {
        throw error; // Of two refusals the client gets the one about the model it asked for.
      }
    }
  }

  /** The fallback model with its bound, if what is held for the call covers it. */
  findFallback(input: HoldInput, hold: Hold): BoundModel | undefined {
    const { fallback } = input.resolved;
    if (!fallback) return undefined;
    try {
      const limits = this.options.limitsOf(fallback.model.modelProvider);
      const bound = boundCheaply(input.request, fallback, limits);
      const isCovered =
        bound.costNanoUsd <= hold.amountNanoUsd && bound.inputTokens + bound.outputTokens <= hold.tokens;
      return isCovered ? { ...fallback, bound } : undefined;
    } catch {
      return undefined; // It cannot say what the request says, or not so much of it: the first model's error stands.
    }
  }

  async #takeFor(input: HoldInput, served: ServedModel): Promise<TakenHold> {
    const limits = this.options.limitsOf(served.model.modelProvider);
    const maxCostNanoUsd = maxCostOf(input.principal.tenant, limits);
    const cheap = boundCheaply(input.request, served, limits);
    if (cheap.costNanoUsd <= maxCostNanoUsd) {
      const first = await this.#hold(input, served, cheap);
      if (first.outcome?.held !== false) return taken(served, cheap, first);
      const { reason } = first.outcome.refusal;
      if (reason !== 'budget' && reason !== 'tokens') throw toLimitError(first.outcome.refusal);
    }
    const exact = await boundExactly(cheap, input.request, served, this.options.counter);
    refuseAbove(maxCostNanoUsd, exact);
    const second = await this.#hold(input, served, exact);
    if (second.outcome?.held === false) throw toLimitError(second.outcome.refusal);
    return taken(served, exact, second);
  }

  async #hold(
    input: HoldInput,
    served: ServedModel,
    bound: Bound,
  ): Promise<{ hold: Hold; outcome: HoldOutcome | undefined }> {
    const hold: Hold = {
      requestId: input.requestId,
      tenantId: input.attribution.tenantId,
      scopes: budgetScopes(input.principal, input.attribution, monthOfUuidV7(input.requestId)),
      amountNanoUsd: bound.costNanoUsd,
      tokens: bound.inputTokens + bound.outputTokens,
      ttlMs: this.options.holdTtlMs,
      facts: JSON.stringify(factsOf(input, served)),
    };
    try {
      return { hold, outcome: await this.options.budgets.hold(hold) };
    } catch (error) {
      if (!this.options.failOpen || !(error instanceof BudgetStoreUnavailableError)) throw error;
      return { hold, outcome: undefined };
    }
  }
}

function taken(
  served: ServedModel,
  bound: Bound,
  { hold, outcome }: { hold: Hold; outcome: HoldOutcome | undefined },
): TakenHold {
  return { served: { ...served, bound }, hold, headroom: outcome?.held ? outcome.headroom : undefined };
}

function factsOf({ principal, attribution, request }: HoldInput, { model }: ServedModel): HoldFacts {
  return {
    keyId: attribution.keyId,
    agentId: attribution.agentId,
    runId: attribution.runId,
    taskType: attribution.taskType,
    modelAsked: request.model,
    model: model.id,
    modelProvider: model.modelProvider,
    priceVersion: model.priceVersion,
    streamed: request.stream,
    configHash: principal.tenant.configHash,
  };
}
