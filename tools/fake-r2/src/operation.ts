import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.js';

/** What can be asked of the bucket, by S3's names. */
export const OPERATIONS = [
  'PutObject',
  'GetObject',
  'HeadObject',
  'DeleteObject',
  'ListObjectsV2',
  'HeadBucket',
] as const;

/** One kind of request. */
export type Operation = (typeof OPERATIONS)[number];

/** A request, read whole. */
export interface S3Request {
  readonly operation: Operation;
  readonly bucket: string;
  /** Empty for requests about the bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

const OF_OBJECTS: Readonly<Record<string, Operation>> = {
  PUT: 'PutObject',
  GET: 'GetObject',
  HEAD: 'HeadObject',
  DELETE: 'DeleteObject',
};

/** Understands a request in path style. */
export function readOperation(
  { method = '', url = '/', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  body: Buffer,
): S3Request {
  const { pathname, searchParams: query } = new URL(url, 'http://s3');
  const [, bucket = '', path = ''] = /^\/([^/]*)\/?(.*)$/s.exec(pathname) ?? [];
  const key = decodeURIComponent(path);
  const isList = method === 'GET' && query.get('list-type') === '2';
  const ofBucket = method === 'HEAD' ? 'HeadBucket' : isList ? 'ListObjectsV2' : undefined;
  const operation = key === '' ? ofBucket : OF_OBJECTS[method];
  // Parts, versions, ACLs and the like are asked for by such words.
  const isPlain = [...query.keys()].every((name) => KNOWN_QUERY.has(name));
  if (!operation || !isPlain || 'x-amz-copy-source' in headers) throw new S3Error('NotImplemented');
  return { operation, bucket, key, query, headers, body };
}

const KNOWN_QUERY = new Set(['x-id', 'list-type', 'prefix', 'start-after', 'continuation-token', 'max-keys']);
