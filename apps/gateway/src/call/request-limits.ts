import type { Settings } from '@tollgate/config';
import { NANO_PER_CENT } from '@tollgate/domain';
import type { ProviderLimit } from '@tollgate/stores';
import type { RequestLimits } from './bound.js';

const toLimits = (maxOutputTokens: number, maxCostCents: number): RequestLimits => ({
  maxOutputTokens,
  maxCostNanoUsd: maxCostCents * NANO_PER_CENT,
});

/** How often each model provider may be called; the stub may always. */
export function providerLimits({ env, adapter, compatibleEndpoints }: Settings): ProviderLimit[] {
  if (adapter === 'stub') return [];
  return [
    { modelProvider: 'openai', requestsPerMinute: env.OPENAI_REQUESTS_PER_MINUTE },
    { modelProvider: 'anthropic', requestsPerMinute: env.ANTHROPIC_REQUESTS_PER_MINUTE },
    ...compatibleEndpoints.map(({ name, requestsPerMinute }) => ({ modelProvider: name, requestsPerMinute })),
  ];
}

/** The limits on one request, by its model provider. */
export function requestLimits({
  env,
  compatibleEndpoints,
}: Settings): (modelProvider: string) => RequestLimits {
  const openai = toLimits(env.OPENAI_MAX_TOKENS_PER_REQUEST, env.OPENAI_MAX_COST_CENTS_PER_REQUEST);
  const limits = new Map([
    ['anthropic', toLimits(env.ANTHROPIC_MAX_TOKENS_PER_REQUEST, env.ANTHROPIC_MAX_COST_CENTS_PER_REQUEST)],
    ...compatibleEndpoints.map(
      ({ name, maxTokensPerRequest, maxCostCentsPerRequest }) =>
        [name, toLimits(maxTokensPerRequest, maxCostCentsPerRequest)] as const,
    ),
  ]);
  return (modelProvider) => limits.get(modelProvider) ?? openai;
}
