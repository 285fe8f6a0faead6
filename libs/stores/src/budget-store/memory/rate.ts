const MINUTE_MS = 60_000;

/** A refused rate: how much of the limit is in use and when to come back (undefined: never). */
export interface RateRefusal {
  readonly used: number;
  readonly retryAfterMs: number | undefined;
}

/** Requests per minute by the generic cell rate algorithm (ITU-T I.371), with a burst of one minute's worth. */
export class RequestRate {
  #theoreticalArrivalMs = 0;

  refusal(limit: number, nowMs: number): RateRefusal | undefined {
    if (limit === 0) return { used: 0, retryAfterMs: undefined };
    const waitMs = this.#next(limit, nowMs) - MINUTE_MS - nowMs;
    return waitMs > 0 ? { used: limit, retryAfterMs: Math.ceil(waitMs) } : undefined;
  }

  take(limit: number, nowMs: number): { left: number; resetMs: number } {
    this.#theoreticalArrivalMs = this.#next(limit, nowMs);
    const ahead = this.#theoreticalArrivalMs - nowMs;
    return { left: Math.floor((MINUTE_MS - ahead) / (MINUTE_MS / limit)), resetMs: Math.ceil(ahead) };
  }

  #next(limit: number, nowMs: number): number {
    return Math.max(this.#theoreticalArrivalMs, nowMs) + MINUTE_MS / limit;
  }
}

/** Tokens per minute: a bucket that holds one minute's worth and refills evenly. */
export class TokenRate {
  #level: number | undefined;
  #atMs = 0;

  refusal(limit: number, tokens: number, nowMs: number): RateRefusal | undefined {
    const level = this.#levelAt(limit, nowMs);
    if (tokens <= level) return undefined;
    const retryAfterMs = tokens > limit ? undefined : Math.ceil(((tokens - level) / limit) * MINUTE_MS);
    return { used: Math.ceil(limit - level), retryAfterMs };
  }

  take(limit: number, tokens: number, nowMs: number): { left: number; resetMs: number } {
    this.#level = this.#levelAt(limit, nowMs) - tokens;
    this.#atMs = nowMs;
    return {
      left: Math.floor(this.#level),
      resetMs: limit > 0 ? Math.ceil(((limit - this.#level) / limit) * MINUTE_MS) : 0,
    };
  }

  /** Puts tokens back (or takes more, when negative). */
  giveBack(limit: number, tokens: number): void {
    if (this.#level !== undefined) this.#level = Math.min(limit, this.#level + tokens);
  }

  #levelAt(limit: number, nowMs: number): number {
    return Math.min(limit, (this.#level ?? limit) + ((nowMs - this.#atMs) * limit) / MINUTE_MS);
  }
}
