/** An object as the archive describes it. */
export interface ArchiveObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A page of keys. */
export interface ArchiveKeys {
  /** Ascending by their bytes. */
  readonly keys: readonly string[];
  /** Give it as `after` to get the next page; undefined on the last one. */
  readonly next?: string;
}

/** The largest object that is written or read whole: one checkpoint of the largest size, alone in its pack, and room. */
export const MAX_OBJECT_BYTES = 32 * 1024 * 1024;

/** The most keys of one page. */
export const MAX_LISTED_KEYS = 1000;

/**
 * Keeps objects that are written once and never changed, by key: words of letters, digits and `._=~:-` with slashes
 * between. Every failure is an ArchiveStoreError.
 */
export abstract class ArchiveStore {
  /**
   * Creates an object that is not there yet. One that is there already with the same bytes is adopted, so that a put
   * whose answer was lost can be repeated. Durable once it resolves.
   * @param metadata names in lower case; values in printable ASCII; 2 KiB together
   * @throws ArchiveStoreError `exists` when other bytes have this key
   */
  abstract put(
    key: string,
    body: Buffer,
    metadata: Readonly<Record<string, string>>,
  ): Promise<'created' | 'adopted'>;
  /** The whole object, read anew. */
  abstract get(key: string): Promise<Buffer>;
  /**
   * Exactly `length` (at least 1) bytes.
   * @throws ArchiveStoreError `corrupt` when the object ends before
   */
  abstract getRange(key: string, offset: number, length: number): Promise<Buffer>;
  /** Undefined: there is no such object, and this is certain. */
  abstract head(key: string): Promise<ArchiveObject | undefined>;
  /** Removes an object; does nothing when it is not there. */
  abstract delete(key: string): Promise<void>;
  /**
   * Keys that begin with `prefix`.
   * @param after only keys that sort behind this one; it need not exist
   * @param limit 1 to 1000, the default
   */
  abstract list(prefix: string, after?: string, limit?: number): Promise<ArchiveKeys>;
  /** Ends everything under way; whatever is asked later is refused as `unavailable`. */
  abstract close(): Promise<void>;
}
