import type { Limits } from '@tollgate/domain';

/** Limits that a change names: undefined leaves one as it is, null unsets it. */
export type LimitChange = { readonly [K in keyof Limits]?: Limits[K] | null };

/** The columns of the limits that a change names. */
export function limitColumns(limits: LimitChange = {}): Record<string, unknown> {
  const columns = {
    budget_nano_usd: limits.budgetNanoUsd,
    requests_per_minute: limits.requestsPerMinute,
    tokens_per_minute: limits.tokensPerMinute,
    max_concurrency: limits.maxConcurrency,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
