import { encodingOf, type CatalogueModel, type ModelRequest, type TokenCounter } from '@tollgate/adapters';
import { TollgateError, boundNanoUsd, formatUsd } from '@tollgate/domain';
import type { Tenant } from '@tollgate/tenant-config';
import type { ServedModel } from './resolve-model.js';

/** Per-request limits of the model provider's adapter. */
export interface RequestLimits {
  /** Output tokens of all choices together. */
  readonly maxOutputTokens: number;
  readonly maxCostNanoUsd: number;
}

/** The most a call can use and cost. */
export interface Bound {
  /** Output tokens of one choice; sent upstream, so that it is real. */
  readonly outputCap: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: number;
}

// A request without a cap gets the model's maximum, but never so much that no room for the prompt is left in its window.
function defaultCap({ maxOutputTokens, contextWindow }: CatalogueModel, perChoice: number): number {
  return Math.min(
    perChoice,
    maxOutputTokens ?? perChoice,
    contextWindow ? Math.floor(contextWindow / 2) : perChoice,
  );
}

function outputCapOf(request: ModelRequest, { model }: ServedModel, limits: RequestLimits): number {
  if (request.choices === 0) return 0; // No answer of this wire has output tokens.
  const cap = request.outputCap ?? defaultCap(model, Math.floor(limits.maxOutputTokens / request.choices));
  if (cap === 0 || cap * request.choices > limits.maxOutputTokens) {
    throw new TollgateError(
      'max_tokens_exceeded',
      `One request may ask for ${limits.maxOutputTokens} output tokens in all.`,
      {
        param: 'max_completion_tokens',
        facts: { limit: limits.maxOutputTokens, used: cap * request.choices },
      },
    );
  }
  return cap;
}

function boundWith(
  inputTokens: number,
  outputCap: number,
  request: ModelRequest,
  { model }: ServedModel,
): Bound {
  // A prediction that is not accepted is billed as output on top of the cap; it is in the body, byte for byte.
  const predicted = request.body['prediction'] == null ? 0 : request.bytes.length;
  const outputTokens = outputCap * request.choices + predicted;
  return {
    outputCap,
    inputTokens,
    outputTokens,
    costNanoUsd: model.price ? boundNanoUsd(model.price, inputTokens, outputTokens) : 0,
  };
}

/**
 * The cheap bound: no tokenising, only lengths.
 * @throws TollgateError `max_tokens_exceeded`, `parameter_not_supported`
 */
export function boundCheaply(request: ModelRequest, served: ServedModel, limits: RequestLimits): Bound {
  const outputCap = outputCapOf(request, served, limits);
  return boundWith(
    served.adapter.boundInputTokens(request, served.model, outputCap),
    outputCap,
    request,
    served,
  );
}

/** The exact bound, for a call that the cheap one was too much for; never higher than it. */
export async function boundExactly(
  cheap: Bound,
  request: ModelRequest,
  served: ServedModel,
  counter: TokenCounter,
): Promise<Bound> {
  const { texts, overheadTokens, marginTokens } = served.adapter.countableInput(request);
  const counted = await counter.count(texts, encodingOf(served.model.id));
  if (counted === undefined) return cheap;
  return boundWith(
    Math.min(cheap.inputTokens, counted + overheadTokens + marginTokens),
    cheap.outputCap,
    request,
    served,
  );
}

/** The most one request of this tenant may cost, in nano-USD. */
export function maxCostOf(tenant: Tenant, limits: RequestLimits): number {
  return Math.min(limits.maxCostNanoUsd, tenant.maxCostPerRequestNanoUsd ?? limits.maxCostNanoUsd);
}

/** @throws TollgateError `max_cost_exceeded` */
export function refuseAbove(maxCostNanoUsd: number, bound: Bound): void {
  if (bound.costNanoUsd <= maxCostNanoUsd) return;
  throw new TollgateError(
    'max_cost_exceeded',
    `This request could cost $${formatUsd(bound.costNanoUsd)}; one request may cost $${formatUsd(maxCostNanoUsd)}. Lower max_completion_tokens or shorten it.`,
    { facts: { limit: maxCostNanoUsd, used: bound.costNanoUsd } },
  );
}
