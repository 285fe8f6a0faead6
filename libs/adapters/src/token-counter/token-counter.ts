import { Worker } from 'node:worker_threads';

const WORKER_SOURCE = new URL('./count-worker.mjs', import.meta.url);
const TIMEOUT_MS = 5000;
const MAX_WAITING = 256;

/** Byte-pair encodings of OpenAI's models. */
export type Encoding = 'o200k_base' | 'cl100k_base';

interface Pending {
  readonly resolve: (tokens: number | undefined) => void;
  readonly timer: NodeJS.Timeout;
}

/** The encoding of a model; models that came after gpt-4o share one. */
export function encodingOf(model: string): Encoding {
  return /^(gpt-3\.5|gpt-35|gpt-4(?!o|\.)|text-embedding)/.test(model) ? 'cl100k_base' : 'o200k_base';
}

/**
 * Counts tokens off the event loop, in one worker that starts with the first count. Text that cannot be counted in
 * five seconds, or finds 256 others waiting, is not counted: the caller then keeps its upper bound.
 */
export class TokenCounter {
  #worker: Worker | undefined;
  #nextId = 0;
  readonly #pending = new Map<number, Pending>();

  /** The number of tokens of all texts, or undefined when it could not be found out in time. */
  count(texts: readonly string[], encoding: Encoding): Promise<number | undefined> {
    if (texts.every((text) => text === '')) return Promise.resolve(0);
    if (this.#pending.size >= MAX_WAITING) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const id = (this.#nextId += 1);
      const timer = setTimeout(() => this.#giveUp(), TIMEOUT_MS);
      this.#pending.set(id, { resolve, timer });
      this.#start().postMessage({ id, texts, encoding });
    });
  }

  /** Ends the worker; counts under way resolve to undefined. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#giveUp();
    await worker?.terminate();
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(WORKER_SOURCE);
    worker.unref();
    worker.on('message', ({ id, tokens }: { id: number; tokens: number }) => this.#finish(id, tokens));
    worker.on('error', () => this.#giveUp());
    this.#worker = worker;
    return worker;
  }

  #finish(id: number, tokens: number | undefined): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    clearTimeout(pending.timer);
    this.#pending.delete(id);
    pending.resolve(tokens);
  }

  // A worker that is stuck in one text cannot be asked to stop: it is replaced at the next count.
  #giveUp(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    for (const id of [...this.#pending.keys()]) this.#finish(id, undefined);
  }
}
