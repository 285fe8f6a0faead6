import { Worker } from 'node:worker_threads';

const WORKER_SOURCE = new URL('./count-worker.mjs', import.meta.url);
const DEFAULT_STUCK_MS = 5000;
/** Starting a worker and loading an encoding takes half a second, on a busy machine several. */
const START_MS = 30_000;
const MAX_WAITING = 10_000;

/** Byte-pair encodings of OpenAI's models. */
export type Encoding = 'o200k_base' | 'cl100k_base';

interface Task {
  readonly texts: readonly string[];
  readonly encoding: Encoding;
  readonly resolve: (tokens: number | undefined) => void;
}

/** The encoding of a model; models that came after gpt-4o share one. */
export function encodingOf(model: string): Encoding {
  return /^(ft:)?(gpt-3\.5|gpt-35|gpt-4(?!o|\.)|text-embedding)/.test(model) ? 'cl100k_base' : 'o200k_base';
}

/**
 * Counts tokens off the event loop, one task after the other, in a worker that starts with the first. A text that
 * keeps it busy for five seconds, or finds 10,000 others waiting, is not counted: its caller then keeps its bound.
 */
export class TokenCounter {
  #worker: Worker | undefined;
  #watchdog: NodeJS.Timeout | undefined;
  #nextId = 0;
  /** In the order in which the worker takes them. */
  readonly #tasks = new Map<number, Task>();

  /** @param stuckMs time one task may take */
  constructor(private readonly stuckMs = DEFAULT_STUCK_MS) {}

  /** The number of tokens of all texts, or undefined when they cannot be counted in time. */
  count(texts: readonly string[], encoding: Encoding): Promise<number | undefined> {
    if (texts.every((text) => text === '')) return Promise.resolve(0);
    if (this.#tasks.size >= MAX_WAITING) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const id = (this.#nextId += 1);
      this.#tasks.set(id, { texts, encoding, resolve });
      this.#worker ??= this.#startWorker();
      this.#worker.postMessage({ id, texts, encoding });
      if (this.#tasks.size === 1) this.#watch(START_MS);
    });
  }

  /** Ends the worker; tasks that wait resolve to undefined. */
  async close(): Promise<void> {
    clearTimeout(this.#watchdog);
    const worker = this.#worker;
    this.#worker = undefined;
    for (const { resolve } of this.#tasks.values()) resolve(undefined);
    this.#tasks.clear();
    await worker?.terminate();
  }

  #startWorker(): Worker {
    const worker = new Worker(WORKER_SOURCE);
    worker.unref();
    worker.on('message', ({ id, tokens }: { id: number; tokens?: number }) => {
      if (tokens === undefined) this.#watch(this.stuckMs);
      else this.#finish(id, tokens);
    });
    worker.on('error', () => this.#skipStuckTask());
    return worker;
  }

  #finish(id: number, tokens: number | undefined): void {
    const task = this.#tasks.get(id);
    this.#tasks.delete(id);
    this.#watch(START_MS);
    task?.resolve(tokens);
  }

  #watch(ms: number): void {
    clearTimeout(this.#watchdog);
    if (this.#tasks.size > 0) this.#watchdog = setTimeout(() => this.#skipStuckTask(), ms);
  }

  // A worker that is stuck in one text cannot be asked to stop: a new one takes the tasks behind that text.
  #skipStuckTask(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    const [stuck] = this.#tasks.keys();
    if (stuck !== undefined) this.#finish(stuck, undefined);
    if (this.#tasks.size === 0) return;
    this.#worker = this.#startWorker();
    for (const [id, { texts, encoding }] of this.#tasks) this.#worker.postMessage({ id, texts, encoding });
  }
}
