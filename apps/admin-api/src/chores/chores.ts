import { setTimeout as sleep } from 'node:timers/promises';

const JITTER = 0.2;

/** Something that is to be done again and again. */
export interface Chore {
  readonly name: string;
  /** From its end to its next beginning, a fifth more or less. */
  readonly everyMs: number;
  /** Does what there is to do at this moment, and answers how much it was. */
  readonly run: (signal: AbortSignal) => Promise<number>;
}

/** What chores need. */
export interface ChoresOptions {
  readonly chores: readonly Chore[];
  /** Told of each end. */
  readonly onDone: (chore: string, items: number) => void;
  /** Told of each failure; the chore is tried again at its next time. */
  readonly onError: (chore: string, error: unknown) => void;
  /** From 0 to below 1; default Math.random. */
  readonly random?: () => number;
}

/** Does chores, each in its own rhythm, until it is told to stop. Replicas do them side by side: each is safe for that. */
export class Chores {
  readonly #stopping = new AbortController();
  #loops: readonly Promise<void>[] = [];

  constructor(private readonly options: ChoresOptions) {}

  start(): void {
    this.#loops = this.options.chores.map((chore) => this.#loop(chore));
  }

  /** Begins nothing more. */
  close(): void {
    this.#stopping.abort();
  }

  /** Resolves when what is under way has ended, or when the time is up. */
  async drain(timeoutMs: number): Promise<void> {
    const timer = new AbortController();
    const timeUp = sleep(timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#loops), timeUp]);
    timer.abort();
  }

  async #loop(chore: Chore): Promise<void> {
    const { signal } = this.#stopping;
    const { onDone, onError, random = Math.random } = this.options;
    while (!signal.aborted) {
      try {
        onDone(chore.name, await chore.run(signal));
      } catch (error) {
        onError(chore.name, error);
      }
      const waitMs = chore.everyMs * (1 - JITTER + 2 * JITTER * random());
      await sleep(waitMs, undefined, { signal }).catch(() => undefined); // woken by the end
    }
  }
}
