import { TollgateError } from '@tollgate/domain';

/** Counts requests, so that a process that ends can let them finish. */
export class RequestsInFlight {
  #count = 0;
  #isClosed = false;
  #onEmpty: (() => void) | undefined;

  /** Whether new requests are refused. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** @throws TollgateError `draining` */
  enter(): void {
    if (this.#isClosed) throw new TollgateError('draining', 'This instance is shutting down.');
    this.#count += 1;
  }

  /** Counts one once more, whatever has been closed since it came in. */
  extend(): void {
    this.#count += 1;
  }

  leave(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#onEmpty?.();
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Resolves when none is left, or when the time is up. */
  async drain(timeoutMs: number): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
