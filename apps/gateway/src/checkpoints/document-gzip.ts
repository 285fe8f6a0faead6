import { promisify } from 'node:util';
import { gunzip, gzip, type ZlibOptions } from 'node:zlib';
import { TollgateError } from '@tollgate/domain';
import { gunzipWhole, gzipWhole } from '@tollgate/stores';
import { BulkheadRejectedError, bulkhead } from 'cockatiel';

const SMALL_BYTES = 4096;
const LARGE_BYTES = 64 * 1024;
/** Libuv's thread pool has four threads, and files and names need one now and then. */
const MAX_PARALLEL = 3;
const MAX_WAITING = 100;
const RETRY_AFTER_MS = 1000;
/** A small document sees all of itself in a window of 4 KiB; to clear larger tables would take most of the time. */
const SMALL: ZlibOptions = { level: 1, windowBits: 12, memLevel: 4 };
const NORMAL: ZlibOptions = { level: 3 };

const gzipLarge = promisify<Buffer, ZlibOptions, Buffer>(gzip);
const gunzipLarge = promisify<Buffer, ZlibOptions, Buffer>(gunzip);

/** Packs and unpacks documents: small ones at once, large ones on other threads, a few at a time. */
export class DocumentGzip {
  readonly #threads = bulkhead(MAX_PARALLEL, MAX_WAITING);

  /** @throws TollgateError `checkpoint_store_unavailable` when too many large ones wait already */
  zip(document: Buffer): Buffer | Promise<Buffer> {
    if (document.length <= LARGE_BYTES)
      return gzipWhole(document, document.length <= SMALL_BYTES ? SMALL : NORMAL);
    return this.#elsewhere(() => gzipLarge(document, NORMAL));
  }

  /** @throws when the bytes are not a document of this length */
  unzip(bytes: Buffer, documentBytes: number): Buffer | Promise<Buffer> {
    if (documentBytes <= LARGE_BYTES) return gunzipWhole(bytes, documentBytes);
    return this.#elsewhere(() => gunzipLarge(bytes, { maxOutputLength: documentBytes }));
  }

  async #elsewhere(work: () => Promise<Buffer>): Promise<Buffer> {
    try {
      return await this.#threads.execute(work);
    } catch (error) {
      if (!(error instanceof BulkheadRejectedError)) throw error;
      throw new TollgateError('checkpoint_store_unavailable', 'Too many large checkpoints at once.', {
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
  }
}
