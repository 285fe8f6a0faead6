interface Waiter {
  readonly isMet: () => boolean;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/** Lets tests wait for a condition of the mock's counters without polling. */
export class ArrivalGate {
  #waiters: readonly Waiter[] = [];

  /** Resolves as soon as the condition holds at a `notify`; rejects when the mock closes first. */
  when(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiters = [...this.#waiters, { isMet, resolve, reject }];
    });
  }

  /** Checks every waiter; to be called after each change of a counter. */
  notify(): void {
    if (this.#waiters.length === 0) return;
    const met = this.#waiters.filter((waiter) => waiter.isMet());
    this.#waiters = this.#waiters.filter((waiter) => !met.includes(waiter));
    for (const waiter of met) waiter.resolve();
  }

  /** Rejects whoever still waits. */
  close(): void {
    for (const waiter of this.#waiters) waiter.reject(new Error('the mock model provider was closed'));
    this.#waiters = [];
  }
}
