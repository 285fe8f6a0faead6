import type { Clock } from '@tollgate/domain';
import { BudgetStoreUnavailableError } from '../../budget-store/budget-store-unavailable-error.js';
import { GRANTED, refusal, type ProviderPermit } from '../provider-limits.js';

/** How long leased permits may be used; what is left of them then is dropped. */
export const LEASE_MS = 1000;

/** The largest lease holds 100 ms of the limit. */
const LARGEST_LEASES_PER_MINUTE = 600;

/** What a lease brought. */
export interface Lease {
  readonly granted: number;
  /** Until one more permit can be had. */
  readonly waitMs: number;
}

/** What a leased rate works with. */
export interface LeasedRateOptions {
  readonly limit: number;
  readonly lease: (wanted: number) => Promise<Lease>;
  readonly clock: Clock;
}

/**
 * One replica's part of a rate that many share. It leases permits ahead of the calls, as many as it will use up in half
 * a lease at the pace of the last one, so that most calls ask nobody and few permits are dropped. Calls that find none
 * wait for one lease together; they are as many at most as calls are under way.
 */
export class LeasedRate {
  #left = 0;
  #granted = 0;
  #leasedAtMs = -Infinity;
  #refusedUntilMs = -Infinity;
  readonly #waiting: PromiseWithResolvers<ProviderPermit>[] = [];
  #isLeasing = false;

  constructor(private readonly options: LeasedRateOptions) {}

  /** The largest number of permits that is leased ahead; 1: none is kept. */
  static largestLease(limit: number): number {
    return Math.max(1, Math.floor(limit / LARGEST_LEASES_PER_MINUTE));
  }

  /** A permit or refusal, at once when it is known. */
  take(): ProviderPermit | Promise<ProviderPermit> {
    const nowMs = this.options.clock.now();
    if (this.#left > 0 && nowMs - this.#leasedAtMs < LEASE_MS) {
      this.#left -= 1;
      return GRANTED;
    }
    // Nobody can have had a permit before the time that the last refusal named.
    if (nowMs < this.#refusedUntilMs) return this.#refuse(nowMs);
    const waiter = Promise.withResolvers<ProviderPermit>();
    this.#waiting.push(waiter);
    if (!this.#isLeasing) void this.#serve();
    return waiter.promise;
  }

  #refuse(nowMs: number): ProviderPermit {
    return refusal(this.options.limit, Math.max(1, Math.ceil(this.#refusedUntilMs - nowMs)));
  }

  async #serve(): Promise<void> {
    this.#isLeasing = true;
    try {
      while (this.#waiting.length > 0) await this.#lease();
    } catch (error) {
      const failure = new BudgetStoreUnavailableError(error);
      for (const waiter of this.#waiting.splice(0)) waiter.reject(failure);
    } finally {
      this.#isLeasing = false;
    }
  }

  async #lease(): Promise<void> {
    // From before the question: permits are never used later than LEASE_MS after they were granted.
    const askedAtMs = this.options.clock.now();
    const wanted = Math.max(this.#waiting.length, this.#wantedAhead(askedAtMs));
    const { granted, waitMs } = await this.options.lease(wanted);
    const served = this.#waiting.splice(0, granted);
    this.#granted = granted;
    this.#left = granted - served.length;
    this.#leasedAtMs = askedAtMs;
    for (const waiter of served) waiter.resolve(GRANTED);
    if (granted === wanted) return;
    const nowMs = this.options.clock.now();
    this.#refusedUntilMs = nowMs + waitMs;
    for (const waiter of this.#waiting.splice(0)) waiter.resolve(this.#refuse(nowMs));
  }

  #wantedAhead(nowMs: number): number {
    const used = this.#granted - this.#left;
    const ahead = Math.floor((used * LEASE_MS) / 2 / Math.max(1, nowMs - this.#leasedAtMs));
    return Math.min(ahead, LeasedRate.largestLease(this.options.limit));
  }
}
