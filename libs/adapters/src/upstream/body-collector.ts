import { TollgateError } from '@tollgate/domain';

/** Collects an answer's bytes up to a bound. */
export class BodyCollector {
  readonly #chunks: Buffer[] = [];
  #sizeBytes = 0;

  constructor(private readonly maxBytes: number) {}

  /** @throws TollgateError `upstream_invalid_response` beyond the bound */
  add(chunk: Buffer): void {
    this.#sizeBytes += chunk.length;
    if (this.#sizeBytes > this.maxBytes) {
      throw new TollgateError(
        'upstream_invalid_response',
        'The model provider sent a larger answer than any model can give.',
      );
    }
    this.#chunks.push(chunk);
  }

  /** Everything so far as one buffer. */
  take(): Buffer {
    const [only] = this.#chunks;
    return this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks);
  }
}
