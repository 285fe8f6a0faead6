/** Something that must not outlive the bench. */
export interface Running {
  /** Ends it in order; may be called twice. */
  stop(): Promise<void>;
  /** Ends it at once and synchronously; for the last moment of a process. */
  kill?(): void;
}

/** Everything that runs for the bench, so that nothing is left behind on whatever way out. */
export class Cleanup {
  readonly #running = new Set<Running>();
  #isOver = false;

  /** Whether all is being stopped: errors from then on are its consequence. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Remembers something until `forget`. Throws when all is being stopped; then it is killed at once. */
  add(running: Running): void {
    this.#running.add(running);
    if (!this.#isOver) return;
    running.kill?.();
    throw new Error('the bench is being stopped');
  }

  /** For what has ended. */
  forget(running: Running): void {
    this.#running.delete(running);
  }

  /** Stops all of it, the youngest first; failures are ignored so that the others still stop. */
  async stopAll(): Promise<void> {
    this.#isOver = true;
    for (let last = this.#youngest(); last !== undefined; last = this.#youngest()) {
      this.#running.delete(last);
      await last.stop().catch(() => last.kill?.());
    }
  }

  /** Kills what can be killed without waiting. */
  killAll(): void {
    for (const running of this.#running) running.kill?.();
  }

  #youngest(): Running | undefined {
    return [...this.#running].at(-1);
  }
}
