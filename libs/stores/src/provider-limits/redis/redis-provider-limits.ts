import type { Clock } from '@tollgate/domain';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { RedisScript } from '../../budget-store/redis/redis-script.js';
import {
  GRANTED,
  ProviderLimits,
  refusal,
  type ProviderLimit,
  type ProviderPermit,
} from '../provider-limits.js';
import { LEASE_MS, LeasedRate, type Lease } from './leased-rate.js';

const MINUTE_MS = 60_000;
const MICROS_PER_MS = 1000;
const leaseReply = z.tuple([z.number(), z.number()]);

/** What the limits in Redis need. */
export interface RedisProviderLimitsOptions {
  /** Connected and closed by its owner. */
  readonly redis: Redis;
  readonly limits: readonly ProviderLimit[];
  /** Only its differences count. */
  readonly clock?: Clock;
}

/** The key of a model provider: the only one that its script call touches. */
export const providerKey = (modelProvider: string): string => `tollgate:provider:{${modelProvider}}`;

/** The limits of all gateways on one Redis or Valkey, whose clock they go by. */
export class RedisProviderLimits extends ProviderLimits {
  readonly #rates = new Map<string, LeasedRate>();
  readonly #closed = new Set<string>();
  readonly #script = new RedisScript(new URL('./lease.lua', import.meta.url));

  constructor({ redis, limits, clock = { now: () => performance.now() } }: RedisProviderLimitsOptions) {
    super();
    for (const { modelProvider, requestsPerMinute: limit } of limits) {
      if (limit === undefined) continue;
      if (limit === 0) this.#closed.add(modelProvider);
      else {
        const lease = (wanted: number): Promise<Lease> => this.#lease(redis, modelProvider, limit, wanted);
        this.#rates.set(modelProvider, new LeasedRate({ limit, lease, clock }));
      }
    }
  }

  take(modelProvider: string): ProviderPermit | Promise<ProviderPermit> {
    const rate = this.#rates.get(modelProvider);
    if (rate) return rate.take();
    return this.#closed.has(modelProvider) ? refusal(0, undefined) : GRANTED;
  }

  async #lease(redis: Redis, modelProvider: string, limit: number, wanted: number): Promise<Lease> {
    // Leased permits may be used up to a lease later: that time is taken off the burst, so that the bound holds for calls.
    const burstMs = LeasedRate.largestLease(limit) > 1 ? MINUTE_MS - LEASE_MS : MINUTE_MS;
    const reply = await this.#script.run(redis, [providerKey(modelProvider)], [limit, wanted, burstMs]);
    const [granted, waitMicros] = leaseReply.parse(reply);
    return { granted, waitMs: waitMicros / MICROS_PER_MS };
  }
}
