import { hash } from 'node:crypto';
import { answer, escapeXml, xmlAnswer, type Answer } from './answer.js';
import type { ObjectShelf, StoredObject } from './object-shelf.js';
import type { S3Request } from './operation.js';
import { S3Error } from './s3-error.js';

const MAX_METADATA_BYTES = 8192;
const MAX_KEY_BYTES = 1024;
const MAX_KEYS = 1000;
const WRITE_INTERVAL_MS = 1000;
const META = 'x-amz-meta-';

/** What a bucket needs. */
export interface BucketOptions {
  readonly shelf: ObjectShelf;
  readonly now: () => number;
  /** Lets a key be written once a second, as R2 does. */
  readonly limitsWrites: boolean;
}

/** One bucket, as R2 keeps it. */
export class Bucket {
  readonly #writtenAtMs = new Map<string, number>();

  constructor(private readonly options: BucketOptions) {}

  /** Does what a request asks for. */
  serve(request: S3Request): Answer {
    switch (request.operation) {
      case 'HeadBucket':
        return answer(200);
      case 'ListObjectsV2':
        return this.#list(request.query);
      case 'PutObject':
        return this.#put(request);
      case 'GetObject':
        return read(this.#find(request.key), request.headers.range);
      case 'HeadObject': {
        const object = this.#find(request.key);
        return answer(200, headersOf(object), object.body);
      }
      case 'DeleteObject':
        this.options.shelf.delete(request.key);
        return answer(204);
    }
  }

  #put({ key, headers, body }: S3Request): Answer {
    if (headers['content-length'] === undefined) throw new S3Error('MissingContentLength');
    if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new S3Error('InvalidArgument');
    const etag = hash('md5', body);
    checkDigest(headers['content-md5'], etag);
    const metadata = metadataOf(headers);
    const condition = headers['if-none-match'];
    if (condition !== undefined && condition !== '*') throw new S3Error('NotImplemented');
    if (condition === '*' && this.options.shelf.find(key)) throw new S3Error('PreconditionFailed');
    this.#countWrite(key);
    const contentType = headers['content-type'] ?? 'application/octet-stream';
    this.options.shelf.set(key, { body, metadata, contentType, etag, modifiedAtMs: this.options.now() });
    return answer(200, { etag: `"${etag}"` });
  }

  #countWrite(key: string): void {
    const nowMs = this.options.now();
    const isTooSoon = nowMs - (this.#writtenAtMs.get(key) ?? -Infinity) < WRITE_INTERVAL_MS;
    if (this.options.limitsWrites && isTooSoon) throw new S3Error('TooManyRequests');
    this.#writtenAtMs.set(key, nowMs);
  }

  #find(key: string): StoredObject {
    const object = this.options.shelf.find(key);
    if (!object) throw new S3Error('NoSuchKey');
    return object;
  }

  #list(query: URLSearchParams): Answer {
    const prefix = query.get('prefix') ?? '';
    const asked = Number(query.get('max-keys') ?? MAX_KEYS);
    if (!Number.isInteger(asked) || asked < 0) throw new S3Error('InvalidArgument');
    const limit = Math.min(asked, MAX_KEYS);
    const token = query.get('continuation-token');
    const after = token === null ? (query.get('start-after') ?? '') : fromToken(token);
    const keys = this.options.shelf.keys().filter((key) => key.startsWith(prefix) && key > after);
    const page = keys.slice(0, limit);
    const isTruncated = keys.length > limit && limit > 0;
    const next = isTruncated ? `<NextContinuationToken>${toToken(page.at(-1))}</NextContinuationToken>` : '';
    const contents = page.map((key) => describe(key, this.#find(key))).join('');
    return xmlAnswer(
      `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${page.length}</KeyCount><MaxKeys>${limit}</MaxKeys><IsTruncated>${isTruncated}</IsTruncated>${next}${contents}</ListBucketResult>`,
    );
  }
}

function describe(key: string, { body, etag, modifiedAtMs }: StoredObject): string {
  return `<Contents><Key>${escapeXml(key)}</Key><LastModified>${new Date(modifiedAtMs).toISOString()}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${body.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
}

function toToken(key = ''): string {
  return Buffer.from(key).toString('base64url');
}

function fromToken(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}

function checkDigest(given: string | string[] | undefined, etag: string): void {
  if (given === undefined) return;
  const digest = Buffer.from(String(given), 'base64');
  if (digest.length !== 16) throw new S3Error('InvalidDigest');
  if (digest.toString('hex') !== etag) throw new S3Error('BadDigest');
}

function metadataOf(headers: S3Request['headers']): Record<string, string> {
  const given = Object.entries(headers).filter(([name]) => name.startsWith(META));
  const pairs = given.map(([name, value]) => [name.slice(META.length), String(value)] as const);
  const sizeBytes = pairs.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (sizeBytes > MAX_METADATA_BYTES) throw new S3Error('MetadataTooLarge');
  return Object.fromEntries(pairs);
}

function headersOf({ metadata, contentType, etag, modifiedAtMs }: StoredObject): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [META + name, value])),
    'content-type': contentType,
    etag: `"${etag}"`,
    'last-modified': new Date(modifiedAtMs).toUTCString(),
    'accept-ranges': 'bytes',
  };
}

function read(object: StoredObject, range: string | undefined): Answer {
  const headers = headersOf(object);
  const { length } = object.body;
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === '' && last === '') return answer(200, headers, object.body);
  const start = first === '' ? Math.max(length - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
  if (start > end) throw new S3Error('InvalidRange');
  const contentRange = `bytes ${start}-${end}/${length}`;
  return answer(206, { ...headers, 'content-range': contentRange }, object.body.subarray(start, end + 1));
}
