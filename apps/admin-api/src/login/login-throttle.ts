import { isIPv6 } from 'node:net';
import { TollgateError, type Clock } from '@tollgate/domain';

const WINDOW_MS = 60_000;

/** How many tokens may be refused in a minute. */
export interface LoginThrottleOptions {
  readonly clock: Clock;
  readonly maxPerSource: number;
  /** From all sources together: it bounds the memory too. */
  readonly maxInTotal: number;
}

// Whoever has one address of IPv6 has its whole /64.
function networkOf(source: string): string {
  return isIPv6(source) && !source.startsWith('::ffff:') ? source.split(':').slice(0, 4).join(':') : source;
}

/** Slows down those who try tokens: after too many refusals in a minute, further tokens are not even looked at. */
export class LoginThrottle {
  #startMs = 0;
  #total = 0;
  readonly #bySource = new Map<string, number>();

  constructor(private readonly options: LoginThrottleOptions) {}

  /** @throws TollgateError `too_many_logins` */
  check(source: string): void {
    const nowMs = this.#renew();
    const { maxPerSource, maxInTotal } = this.options;
    const own = this.#bySource.get(networkOf(source)) ?? 0;
    if (own < maxPerSource && this.#total < maxInTotal) return;
    throw new TollgateError('too_many_logins', 'Too many tokens were refused. Come back later.', {
      retryAfterMs: this.#startMs + WINDOW_MS - nowMs,
    });
  }

  refused(source: string): void {
    this.#renew();
    this.#total += 1;
    const network = networkOf(source);
    this.#bySource.set(network, (this.#bySource.get(network) ?? 0) + 1);
  }

  #renew(): number {
    const nowMs = this.options.clock.now();
    if (nowMs >= this.#startMs + WINDOW_MS) {
      this.#startMs = nowMs;
      this.#total = 0;
      this.#bySource.clear();
    }
    return nowMs;
  }
}
