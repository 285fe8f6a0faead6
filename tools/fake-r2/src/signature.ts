import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.js';

/** Who may use the bucket. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const MAX_SKEW_MS = 15 * 60 * 1000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/s3\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/;
const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${hex(character)}`);
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase();
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function checkTime(date: string, nowMs: number): void {
  const [, year, month, day, hours, minutes, seconds] = DATE.exec(date) ?? [];
  const timeMs = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  if (Number.isNaN(timeMs)) throw new S3Error('AccessDenied');
  if (Math.abs(timeMs - nowMs) > MAX_SKEW_MS) throw new S3Error('RequestTimeTooSkewed');
}

function canonicalQuery(search: URLSearchParams): string {
  const pairs = [...search].map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.sort().join('&');
}

function canonicalHeaders(headers: IncomingMessage['headers'], names: readonly string[]): string {
  return names
    .map(
      (name) =>
        `${name}:${String(headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}\n`,
    )
    .join('');
}

/**
 * Checks the signature of a request, in its `authorization` header, and the hash of its body: AWS Signature Version 4
 * as S3 has it (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 * @throws S3Error
 */
export function checkSignature(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  body: Buffer,
  { accessKeyId, secretAccessKey }: Credentials,
  nowMs: number,
): void {
  const { method = '', url = '/', headers } = request;
  const [, keyId, day = '', region = '', signed = '', signature = ''] =
    AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (keyId === undefined) throw new S3Error('AccessDenied');
  if (keyId !== accessKeyId) throw new S3Error('InvalidAccessKeyId');
  const date = String(headers['x-amz-date'] ?? '');
  checkTime(date, nowMs);
  const bodyHash = String(headers['x-amz-content-sha256'] ?? '');
  const names = signed.split(';');
  const mustBeSigned = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  if (!mustBeSigned.every((name) => names.includes(name))) throw new S3Error('AccessDenied');
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const canonical = [
    method,
    pathname,
    canonicalQuery(searchParams),
    canonicalHeaders(headers, names),
    signed,
    bodyHash,
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, hash('sha256', canonical)].join('\n');
  const key = [region, 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${secretAccessKey}`, day));
  if (!date.startsWith(day) || !timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex')))
    throw new S3Error('SignatureDoesNotMatch');
  if (bodyHash.startsWith('STREAMING-')) throw new S3Error('NotImplemented');
  if (bodyHash !== 'UNSIGNED-PAYLOAD' && bodyHash !== hash('sha256', body))
    throw new S3Error('XAmzContentSHA256Mismatch');
}
