import {
  ArchiveStore,
  ArchiveStoreError,
  type ArchiveFailure,
  type ArchiveKeys,
  type ArchiveObject,
} from '@tollgate/stores';

/** One operation on the archive, whatever number of tries it took. */
export interface ArchiveOperation {
  readonly kind: 'put' | 'get' | 'range' | 'head' | 'delete' | 'list';
  readonly outcome: 'ok' | 'failed' | ArchiveFailure;
  /** Of the object's body. */
  readonly upBytes: number;
  readonly downBytes: number;
}

const sizeOf = (body: Buffer): number => body.length;

/** An archive that tells of all that is done with it. */
export class CountingArchive extends ArchiveStore {
  constructor(
    private readonly store: ArchiveStore,
    private readonly onOperation: (operation: ArchiveOperation) => void,
  ) {
    super();
  }

  put(key: string, body: Buffer, metadata: Readonly<Record<string, string>>): Promise<'created' | 'adopted'> {
    return this.#count('put', () => this.store.put(key, body, metadata), { upBytes: body.length });
  }

  get(key: string): Promise<Buffer> {
    return this.#count('get', () => this.store.get(key), { downBytesOf: sizeOf });
  }

  getRange(key: string, offset: number, length: number): Promise<Buffer> {
    return this.#count('range', () => this.store.getRange(key, offset, length), { downBytesOf: sizeOf });
  }

  head(key: string): Promise<ArchiveObject | undefined> {
    return this.#count('head', () => this.store.head(key));
  }

  delete(key: string): Promise<void> {
    return this.#count('delete', () => this.store.delete(key));
  }

  list(prefix: string, after?: string, limit?: number): Promise<ArchiveKeys> {
    return this.#count('list', () => this.store.list(prefix, after, limit));
  }

  close(): Promise<void> {
    return this.store.close();
  }

  async #count<T>(
    kind: ArchiveOperation['kind'],
    work: () => Promise<T>,
    { upBytes = 0, downBytesOf = () => 0 }: { upBytes?: number; downBytesOf?: (result: T) => number } = {},
  ): Promise<T> {
    try {
      const result = await work();
      this.onOperation({ kind, outcome: 'ok', upBytes, downBytes: downBytesOf(result) });
      return result;
    } catch (error) {
      const outcome = error instanceof ArchiveStoreError ? error.reason : 'failed';
      this.onOperation({ kind, outcome, upBytes: 0, downBytes: 0 });
      throw error;
    }
  }
}
