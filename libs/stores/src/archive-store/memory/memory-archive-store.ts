import { checkKey, checkRange } from '../archive-key.js';
import { ArchiveStoreError } from '../archive-store-error.js';
import { ArchiveStore, MAX_LISTED_KEYS, type ArchiveKeys, type ArchiveObject } from '../archive-store.js';

interface StoredObject {
  readonly body: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}

/** An archive in the memory of one process: for tests. */
export class MemoryArchiveStore extends ArchiveStore {
  readonly #objects = new Map<string, StoredObject>();
  #isClosed = false;

  async put(
    key: string,
    body: Buffer,
    metadata: Readonly<Record<string, string>>,
  ): Promise<'created' | 'adopted'> {
    this.#check(key);
    const present = this.#objects.get(key);
    if (present?.body.equals(body)) return 'adopted';
    if (present) throw new ArchiveStoreError('exists', 'Another object has this key.');
    this.#objects.set(key, { body: Buffer.from(body), metadata: { ...metadata } });
    return 'created';
  }

  async get(key: string): Promise<Buffer> {
    return Buffer.from(this.#find(key).body);
  }

  async getRange(key: string, offset: number, length: number): Promise<Buffer> {
    checkRange(offset, length);
    const { body } = this.#find(key);
    if (offset + length > body.length)
      throw new ArchiveStoreError('corrupt', 'The object ends before the range.');
    return Buffer.from(body.subarray(offset, offset + length));
  }

  async head(key: string): Promise<ArchiveObject | undefined> {
    this.#check(key);
    const found = this.#objects.get(key);
    return found && { key, sizeBytes: found.body.length, metadata: found.metadata };
  }

  async delete(key: string): Promise<void> {
    this.#check(key);
    this.#objects.delete(key);
  }

  async list(prefix: string, after = '', limit = MAX_LISTED_KEYS): Promise<ArchiveKeys> {
    this.#checkOpen();
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const next = keys.length > limit ? keys[limit - 1] : undefined;
    return { keys: keys.slice(0, limit), ...(next === undefined ? {} : { next }) };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #find(key: string): StoredObject {
    this.#check(key);
    const found = this.#objects.get(key);
    if (!found) throw new ArchiveStoreError('missing', 'There is no such object.');
    return found;
  }

  #check(key: string): void {
    this.#checkOpen();
    checkKey(key);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ArchiveStoreError('unavailable', 'The archive is closed.');
  }
}
