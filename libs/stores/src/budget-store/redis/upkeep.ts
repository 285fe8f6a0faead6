import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats a task with a pause between rounds until it is stopped; a failed round is reported and the next one comes. */
export class Upkeep {
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(
    private readonly pauseMs: number,
    private readonly round: () => Promise<unknown>,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** Waits for the round under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Waits, but not longer than until the stop. */
  async wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.round();
      } catch (error) {
        this.onError(error);
      }
      await this.wait(this.pauseMs);
    }
  }
}
