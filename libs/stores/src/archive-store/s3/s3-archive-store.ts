import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type GetObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { bulkhead } from 'cockatiel';
import { checkKey, checkRange } from '../archive-key.js';
import { ArchiveStoreError } from '../archive-store-error.js';
import {
  ArchiveStore,
  MAX_LISTED_KEYS,
  MAX_OBJECT_BYTES,
  type ArchiveKeys,
  type ArchiveObject,
} from '../archive-store.js';
import { readBody } from './read-body.js';
import { createClient, MAX_REQUESTS, type S3Endpoint } from './s3-client.js';
import { refusalOf, s3Failure } from './s3-failure.js';
import { withRetries, type Wait } from './with-retries.js';

const MAX_WAITING = 1024;
const CLOSED = 'The archive is closed.';

/** What an archive in S3 needs. */
export interface S3ArchiveStoreOptions extends S3Endpoint {
  /** Waits between tries; default: by the machine's timers. */
  readonly wait?: Wait;
}

type Metadata = Readonly<Record<string, string>>;

/** An archive in Cloudflare R2 or any other S3. */
export class S3ArchiveStore extends ArchiveStore {
  readonly #client: S3Client;
  readonly #queue = bulkhead(MAX_REQUESTS, MAX_WAITING);
  readonly #closing = new AbortController();
  readonly #wait: Wait;
  /** Some servers do not know `If-None-Match` on a PUT, and say so. */
  #knowsConditions = true;

  constructor(private readonly options: S3ArchiveStoreOptions) {
    super();
    this.#client = createClient(options);
    this.#wait = options.wait ?? ((ms, signal) => sleep(ms, undefined, { signal }));
  }

  put(key: string, body: Buffer, metadata: Metadata): Promise<'created' | 'adopted'> {
    return this.#run(key, async () => {
      if (!this.#knowsConditions && (await this.#head(key))) return this.#adopt(key, body);
      try {
        await this.#put(key, body, metadata);
        return 'created';
      } catch (error) {
        const status = refusalOf(error)?.status;
        if (status === 412) return this.#adopt(key, body);
        if (status !== 501 || !this.#knowsConditions) throw error;
        this.#knowsConditions = false;
        // The next try looks whether the key is free.
        throw new ArchiveStoreError('unavailable', 'The archive does not know If-None-Match.');
      }
    });
  }

  get(key: string): Promise<Buffer> {
    return this.#run(key, () => this.#get(key));
  }

  getRange(key: string, offset: number, length: number): Promise<Buffer> {
    return this.#run(key, () => {
      checkRange(offset, length);
      const Range = `bytes=${offset}-${offset + length - 1}`;
      return this.#send(async (signal) => {
        const answer = await this.#client.send(new GetObjectCommand({ ...this.#at(key), Range }), {
          abortSignal: signal,
        });
        if (answer.ContentRange?.startsWith(`bytes ${offset}-`) !== true)
          throw abandon(answer, new ArchiveStoreError('refused', 'The archive does not serve ranges.'));
        return readBody(answer.Body, length, signal);
      });
    });
  }

  head(key: string): Promise<ArchiveObject | undefined> {
    return this.#run(key, () => this.#head(key));
  }

  delete(key: string): Promise<void> {
    return this.#run(key, async () => {
      try {
        await this.#send((abortSignal) =>
          this.#client.send(new DeleteObjectCommand(this.#at(key)), { abortSignal }),
        );
      } catch (error) {
        if (s3Failure(error).reason !== 'missing') throw error;
      }
    });
  }

  list(prefix: string, after?: string, limit = MAX_LISTED_KEYS): Promise<ArchiveKeys> {
    return this.#retry(() => this.#list(prefix, after, limit));
  }

  async close(): Promise<void> {
    this.#closing.abort(new ArchiveStoreError('unavailable', CLOSED));
    this.#client.destroy();
  }

  async #put(key: string, body: Buffer, metadata: Metadata): Promise<void> {
    const command = new PutObjectCommand({
      ...this.#at(key),
      Body: body,
      ContentLength: body.length,
      ContentMD5: hash('md5', body, 'base64'),
      ContentType: 'application/octet-stream',
      Metadata: { ...metadata },
      ...(this.#knowsConditions ? { IfNoneMatch: '*' } : {}),
    });
    await this.#send((abortSignal) => this.#client.send(command, { abortSignal }));
  }

  /** What has the key may be what an earlier try put there, whose answer was lost. */
  async #adopt(key: string, body: Buffer): Promise<'adopted'> {
    if ((await this.#get(key)).equals(body)) return 'adopted';
    throw new ArchiveStoreError('exists', 'Another object has this key.');
  }

  #get(key: string): Promise<Buffer> {
    return this.#send(async (signal) => {
      const answer = await this.#client.send(new GetObjectCommand(this.#at(key)), { abortSignal: signal });
      const sizeBytes = answer.ContentLength ?? Number.POSITIVE_INFINITY;
      if (sizeBytes > MAX_OBJECT_BYTES)
        throw abandon(answer, new ArchiveStoreError('corrupt', 'The object is larger than any that is put.'));
      return readBody(answer.Body, sizeBytes, signal);
    });
  }

  async #head(key: string): Promise<ArchiveObject | undefined> {
    try {
      const { ContentLength = 0, Metadata = {} } = await this.#send((abortSignal) =>
        this.#client.send(new HeadObjectCommand(this.#at(key)), { abortSignal }),
      );
      return { key, sizeBytes: ContentLength, metadata: Metadata };
    } catch (error) {
      if (refusalOf(error)?.status !== 404) throw error;
    }
    // An answer to HEAD has no body, so it may as well be that the bucket is not there: a listing would say so.
    const { keys } = await this.#list(key, undefined, 1);
    if (keys[0] !== key) return undefined;
    throw new ArchiveStoreError('unavailable', 'The archive lists an object that it does not find.');
  }

  async #list(prefix: string, after: string | undefined, limit: number): Promise<ArchiveKeys> {
    const command = new ListObjectsV2Command({
      Bucket: this.options.bucket,
      Prefix: prefix,
      MaxKeys: limit,
      ...(after === undefined ? {} : { StartAfter: after }),
    });
    const { Contents = [], IsTruncated } = await this.#send((abortSignal) =>
      this.#client.send(command, { abortSignal }),
    );
    const keys = Contents.flatMap(({ Key }) => Key ?? []);
    const next = IsTruncated ? keys.at(-1) : undefined;
    return { keys, ...(next === undefined ? {} : { next }) };
  }

  #at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.options.bucket, Key: key };
  }

  async #run<T>(key: string, work: () => Promise<T>): Promise<T> {
    return this.#retry(async () => {
      checkKey(key);
      return work();
    });
  }

  async #retry<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this.#closing;
    const attempt = async (): Promise<T> => {
      signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        throw s3Failure(error);
      }
    };
    try {
      return await withRetries(attempt, { wait: this.#wait, signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }

  /** One request, its answer's body included, within its time. */
  #send<T>(request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#queue.execute(() =>
      request(AbortSignal.any([this.#closing.signal, AbortSignal.timeout(this.options.timeoutMs)])),
    );
  }
}

/** Lets go of an answer that nobody reads. */
function abandon({ Body }: GetObjectCommandOutput, error: Error): Error {
  if (Body && 'destroy' in Body) Body.destroy();
  return error;
}
