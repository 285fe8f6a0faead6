/** How often a model provider may be called, by all replicas together. */
export interface ProviderLimit {
  readonly modelProvider: string;
  /** Undefined is no limit, 0 lets nothing pass. */
  readonly requestsPerMinute: number | undefined;
}

/** The answer to a call that wants to be made. */
export type ProviderPermit =
  | { readonly granted: true }
  | {
      readonly granted: false;
      /** Requests per minute. */
      readonly limit: number;
      readonly used: number;
      /** Undefined: never. */
      readonly retryAfterMs: number | undefined;
    };

/** The one permit that lets a call pass. */
export const GRANTED: ProviderPermit = Object.freeze({ granted: true });

/** The refusal of a limit that is used up. */
export function refusal(limit: number, retryAfterMs: number | undefined): ProviderPermit {
  return { granted: false, limit, used: limit, retryAfterMs };
}

/**
 * Keeps the calls to each model provider within its limit, by the generic cell rate algorithm (ITU-T I.371) with a burst
 * of one minute's worth: after a quiet minute `limit` calls may go out at once, and then one for each `60 s / limit`. So
 * less than 60 s never hold more than `2 × limit − 1` calls, and a longer time `limit` more for each minute.
 */
export abstract class ProviderLimits {
  /**
   * Takes a permit for one upstream call; there is no way to give it back. Answers at once when nothing needs to be
   * asked, so that the usual call waits for no promise.
   * @throws BudgetStoreUnavailableError (as a rejection) when the store cannot answer
   */
  abstract take(modelProvider: string): ProviderPermit | Promise<ProviderPermit>;
}
