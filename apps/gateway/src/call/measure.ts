import { encodingOf, type Billing, type ChatRequest, type TokenCounter } from '@tollgate/adapters';
import { NO_TOKENS, costNanoUsd, textUsage, type TokenUsage } from '@tollgate/domain';
import type { UsageEvent } from '@tollgate/stores';
import type { Bound } from './bound.js';
import type { ResolvedModel } from './resolve-model.js';

/** What a call used and cost, and how that is known. */
export interface Measured {
  readonly usage: TokenUsage;
  readonly costNanoUsd: number;
  readonly source: UsageEvent['usageSource'];
  /** Nobody saw what the call cost: the held amount stands until proof comes. */
  readonly presumed: boolean;
}

function priced(usage: TokenUsage, source: Measured['source'], { model }: ResolvedModel): Measured {
  return { usage, costNanoUsd: model.price ? costNanoUsd(model.price, usage) : 0, source, presumed: false };
}

/** Turns what the adapter knows into tokens and money; only text that must be counted takes time. */
export function measure(
  billing: Billing,
  bound: Bound,
  request: ChatRequest,
  resolved: ResolvedModel,
  counter: TokenCounter,
): Measured | Promise<Measured> {
  if (billing.kind === 'none') return { usage: NO_TOKENS, costNanoUsd: 0, source: 'none', presumed: false };
  if (billing.kind === 'reported') return priced(billing.usage, 'reported', resolved);
  if (billing.kind === 'unknown')
    return { usage: NO_TOKENS, costNanoUsd: bound.costNanoUsd, source: 'none', presumed: true };
  return count(billing.text, bound, request, resolved, counter);
}

async function count(
  output: string,
  bound: Bound,
  request: ChatRequest,
  resolved: ResolvedModel,
  counter: TokenCounter,
): Promise<Measured> {
  const encoding = encodingOf(resolved.model.id);
  const input = resolved.adapter.countableInput(request);
  const [inputTokens, outputTokens] = await Promise.all([
    counter.count(input.texts, encoding),
    counter.count([output], encoding),
  ]);
  // What could not be counted in time stands at its bound: a byte is at least a token.
  const usage = textUsage(
    inputTokens === undefined ? bound.inputTokens : inputTokens + input.overheadTokens,
    outputTokens ?? Math.min(bound.outputTokens, Buffer.byteLength(output)),
  );
  return priced(usage, 'counted', resolved);
}
