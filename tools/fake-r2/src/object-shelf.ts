/** An object of the bucket. */
export interface StoredObject {
  readonly body: Buffer;
  /** `x-amz-meta-…`, without that. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentType: string;
  /** MD5 of the body as it was received, in hex. */
  readonly etag: string;
  readonly modifiedAtMs: number;
}

/** Where the objects of the bucket are. */
export abstract class ObjectShelf {
  abstract find(key: string): StoredObject | undefined;
  abstract set(key: string, object: StoredObject): void;
  abstract delete(key: string): void;
  /** Ascending by their bytes. */
  abstract keys(): string[];

  /** Loses everything. */
  clear(): void {
    for (const key of this.keys()) this.delete(key);
  }

  /** Lets an object rot: one bit of its body changes. */
  flipBit(key: string, bit: number): void {
    const object = this.find(key);
    if (object) this.set(key, { ...object, body: withFlippedBit(object.body, bit) });
  }

  /** Lets an object rot: all but its first bytes are gone. */
  truncate(key: string, keptBytes: number): void {
    const object = this.find(key);
    if (object) this.set(key, { ...object, body: object.body.subarray(0, keptBytes) });
  }
}

/** A copy in which one bit, counted round the bytes, is another. */
export function withFlippedBit(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  const at = Math.floor(bit / 8) % Math.max(bytes.length, 1);
  if (bytes.length > 0) copy.writeUInt8(copy.readUInt8(at) ^ (1 << (bit % 8)), at);
  return copy;
}

/** Objects in memory. */
export class MemoryShelf extends ObjectShelf {
  readonly #objects = new Map<string, StoredObject>();

  find(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  set(key: string, object: StoredObject): void {
    this.#objects.set(key, object);
  }

  delete(key: string): void {
    this.#objects.delete(key);
  }

  keys(): string[] {
    return [...this.#objects.keys()].sort();
  }
}
