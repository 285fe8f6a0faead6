/** Limits of a tenant, agent, key or run; undefined is no limit, 0 allows nothing. */
export interface Limits {
  /** Per calendar month (UTC); for a run in total. */
  readonly budgetNanoUsd: number | undefined;
  readonly requestsPerMinute: number | undefined;
  /** Input and output together. */
  readonly tokensPerMinute: number | undefined;
  /** Calls at the same time. */
  readonly maxConcurrency: number | undefined;
}

/** No limit at all. */
export const NO_LIMITS: Limits = Object.freeze({
  budgetNanoUsd: undefined,
  requestsPerMinute: undefined,
  tokensPerMinute: undefined,
  maxConcurrency: undefined,
});
