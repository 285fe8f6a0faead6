import type { MockRequest } from './mock-request.js';

/** Counts the received requests and keeps the most recent of them. */
export class RequestLog {
  readonly #recent: MockRequest[] = [];
  #count = 0;

  constructor(private readonly requestLimit: number) {}

  /** The most recent requests, oldest first. */
  get recent(): readonly MockRequest[] {
    return this.#recent;
  }

  /** All requests received, also those no longer kept. */
  get count(): number {
    return this.#count;
  }

  /** Records one request. */
  add(request: MockRequest): void {
    this.#count += 1;
    if (this.requestLimit === 0) return;
    this.#recent.push(request);
    if (this.#recent.length > this.requestLimit) this.#recent.shift();
  }
}
