import type { Clock } from '@tollgate/domain';
import { RequestRate } from '../../budget-store/memory/rate.js';
import {
  GRANTED,
  ProviderLimits,
  refusal,
  type ProviderLimit,
  type ProviderPermit,
} from '../provider-limits.js';

/** What the limits in memory need. */
export interface MemoryProviderLimitsOptions {
  readonly limits: readonly ProviderLimit[];
  readonly clock: Clock;
}

/** The limits of a gateway that is alone: it shares them with no other process. */
export class MemoryProviderLimits extends ProviderLimits {
  readonly #rates = new Map<string, { readonly limit: number; readonly rate: RequestRate }>();
  readonly #clock: Clock;

  constructor({ limits, clock }: MemoryProviderLimitsOptions) {
    super();
    this.#clock = clock;
    for (const { modelProvider, requestsPerMinute: limit } of limits)
      if (limit !== undefined) this.#rates.set(modelProvider, { limit, rate: new RequestRate() });
  }

  take(modelProvider: string): ProviderPermit {
    const known = this.#rates.get(modelProvider);
    if (!known) return GRANTED;
    const { limit, rate } = known;
    const nowMs = this.#clock.now();
    const refused = rate.refusal(limit, nowMs);
    if (refused) return refusal(limit, refused.retryAfterMs);
    rate.take(limit, nowMs);
    return GRANTED;
  }
}
