import { encodingOf, type Billing, type ModelRequest, type TokenCounter } from '@tollgate/adapters';
import { NO_TOKENS, costNanoUsd, textUsage, type TokenUsage } from '@tollgate/domain';
import type { UsageEvent } from '@tollgate/stores';
import type { Bound } from './bound.js';
import type { ServedModel } from './resolve-model.js';

/** What a call used and cost, and how that is known. */
export interface Measured {
  readonly usage: TokenUsage;
  readonly costNanoUsd: number;
  readonly source: UsageEvent['usageSource'];
  /** Nobody saw what the call cost: the held amount stands until proof comes. */
  readonly presumed: boolean;
}

function priced(usage: TokenUsage, source: Measured['source'], { model }: ServedModel): Measured {
  return { usage, costNanoUsd: model.price ? costNanoUsd(model.price, usage) : 0, source, presumed: false };
}

/** Turns what the adapter knows into tokens and money; only text that must be counted takes time. */
export function measure(
  billing: Billing,
  bound: Bound,
  request: ModelRequest,
  served: ServedModel,
  counter: TokenCounter,
): Measured | Promise<Measured> {
  if (billing.kind === 'none') return { usage: NO_TOKENS, costNanoUsd: 0, source: 'none', presumed: false };
  if (billing.kind === 'reported') return priced(billing.usage, 'reported', served);
  if (billing.kind === 'unknown')
    return { usage: NO_TOKENS, costNanoUsd: bound.costNanoUsd, source: 'none', presumed: true };
  return count(billing, bound, request, served, counter);
}

async function count(
  { text, input: reported }: Billing & { kind: 'counted' },
  bound: Bound,
  request: ModelRequest,
  served: ServedModel,
  counter: TokenCounter,
): Promise<Measured> {
  const encoding = encodingOf(served.model.id);
  const input = served.adapter.countableInput(request);
  const [inputTokens, outputTokens] = await Promise.all([
    reported ? 0 : counter.count(input.texts, encoding),
    counter.count([text], encoding),
  ]);
  const toTokens = (counted: number): number => Math.ceil(counted * input.tokenFactor);
  // What could not be counted in time stands at its bound: a byte is at least a token.
  const output =
    outputTokens === undefined
      ? Math.min(bound.outputTokens, Buffer.byteLength(text))
      : toTokens(outputTokens);
  if (reported) return priced({ ...reported, outputTokens: output }, 'counted', served);
  const usage = textUsage(
    inputTokens === undefined ? bound.inputTokens : toTokens(inputTokens) + input.overheadTokens,
    output,
  );
  return priced(usage, 'counted', served);
}
