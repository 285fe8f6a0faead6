import { Pool, type Dispatcher } from 'undici';
import type { HoldJob, HoldResult } from './load-job.js';
import { requestOf } from './load-run.js';
import { Tally } from './tally.js';

const FIRST_BYTE_TIMEOUT_MS = 60_000;

/** Streams that a server is made to keep open. */
export class HeldStreams {
  #pool: Pool | undefined;
  readonly #problems = new Tally();
  #open = 0;

  /** Opens them all at once and resolves when each has got its first bytes or has failed. */
  async open(job: HoldJob): Promise<HoldResult> {
    const pool = new Pool(job.target.origin, {
      connections: job.streams,
      pipelining: 1,
      headersTimeout: FIRST_BYTE_TIMEOUT_MS,
      bodyTimeout: 0, // silence is what holding means
    });
    this.#pool = pool;
    const request = requestOf({ target: job.target, kind: 'stream' });
    await Promise.all(Array.from({ length: job.streams }, () => this.#openOne(pool, request)));
    return this.#result();
  }

  /** Hangs up on all of them; says how many had stayed open until then. */
  async release(): Promise<HoldResult> {
    const result = this.#result();
    await this.#pool?.destroy();
    this.#pool = undefined;
    return result;
  }

  #result(): HoldResult {
    return { open: this.#open, problems: this.#problems.toObject() };
  }

  #openOne(pool: Pool, request: Dispatcher.DispatchOptions): Promise<void> {
    return new Promise((resolve) => {
      let isOpen = false;
      const fail = (what: string): void => {
        if (isOpen) this.#open -= 1;
        this.#problems.add(what);
        resolve();
      };
      pool.dispatch(request, {
        onRequestStart: () => undefined, // undici insists on it
        onResponseStart: (controller, status) => {
          if (status !== 200) controller.abort(new Error(`status ${status}`));
        },
        onResponseData: () => {
          if (!isOpen) this.#open += 1;
          isOpen = true;
          resolve();
        },
        onResponseEnd: () => fail('ended by the server'),
        onResponseError: (_, error) => fail(error.message),
      });
    });
  }
}
