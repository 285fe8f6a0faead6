import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type ListObjectsV2CommandOutput,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeR2, type FakeR2Options } from './fake-r2.js';
import type { Fault } from './fault.js';

const BODY = Buffer.from('a body of some bytes');

describe('FakeR2, as the official client meets it,', () => {
  let fake: FakeR2;
  let client: S3Client;
  let nowMs: number;
  const clients: S3Client[] = [];

  function connect(options: Partial<FakeR2['credentials']> = {}): S3Client {
    const made = new S3Client({
      endpoint: fake.url,
      region: 'auto',
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { ...fake.credentials, ...options },
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    clients.push(made);
    return made;
  }

  async function start(options: FakeR2Options = {}): Promise<void> {
    nowMs = Date.now();
    fake = await FakeR2.start({ now: () => nowMs, ...options });
    client = connect();
  }

  beforeEach(() => start());
  afterEach(async () => {
    for (const made of clients.splice(0)) made.destroy();
    await fake.stop();
  });

  const object = (key: string): { Bucket: string; Key: string } => ({ Bucket: fake.bucket, Key: key });
  const put = (key: string, more: Partial<PutObjectCommandInput> = {}): Promise<unknown> =>
    client.send(new PutObjectCommand({ ...object(key), Body: BODY, ...more }));
  async function get(key: string, Range?: string): Promise<string> {
    const { Body } = await client.send(new GetObjectCommand({ ...object(key), Range }));
    return (await Body?.transformToString()) ?? '';
  }
  const failure = async (made: Promise<unknown>): Promise<unknown> => {
    const error = await made.then(
      () => ({ name: 'none' }),
      (thrown: unknown) => thrown as { name: string; $metadata?: { httpStatusCode?: number } },
    );
    return [error.name, '$metadata' in error ? error.$metadata?.httpStatusCode : undefined];
  };
  const breakWith = (fault: Fault): void => fake.faults.add({ fault, times: 1 });

  it('keeps objects with their metadata, and gives them back whole or in part', async () => {
    await put('a/b c+ä:=~', { Metadata: { members: '3' }, ContentType: 'text/plain' });
    const key = object('a/b c+ä:=~');
    expect(await client.send(new HeadObjectCommand(key))).toMatchObject({
      ContentLength: BODY.length,
      ContentType: 'text/plain',
      ETag: `"${hash('md5', BODY)}"`,
      Metadata: { members: '3' },
    });
    expect(await get(key.Key)).toBe(BODY.toString());
    expect(await get(key.Key, 'bytes=2-5')).toBe('body');
    expect(await get(key.Key, 'bytes=-5')).toBe('bytes');
    expect(await get(key.Key, 'bytes=15-99')).toBe('bytes');
    expect(await failure(get(key.Key, 'bytes=20-20'))).toEqual(['InvalidRange', 416]);
    await client.send(new DeleteObjectCommand(key));
    await client.send(new DeleteObjectCommand(key));
    expect(await failure(get(key.Key))).toEqual(['NoSuchKey', 404]);
    expect(await failure(client.send(new HeadObjectCommand(key)))).toEqual(['NotFound', 404]);
  });

  it('creates an object once, and does not take one that arrived damaged', async () => {
    await put('a', { IfNoneMatch: '*' });
    expect(await failure(put('a', { IfNoneMatch: '*' }))).toEqual(['PreconditionFailed', 412]);
    expect(await failure(put('b', { ContentMD5: hash('md5', 'other', 'base64') }))).toEqual([
      'BadDigest',
      400,
    ]);
    expect(await failure(put('b', { Metadata: { x: 'x'.repeat(8192) } }))).toEqual(['MetadataTooLarge', 400]);
    await put('b', { ContentMD5: hash('md5', BODY, 'base64'), Metadata: { x: 'x'.repeat(8191) } });
    expect(fake.shelf.keys()).toEqual(['a', 'b']);
  });

  it('lets a key be written once a second', async () => {
    await put('a');
    expect(await failure(put('a'))).toEqual(['TooManyRequests', 429]);
    await put('b');
    nowMs += 1000;
    await put('a');
  });

  it('lists keys in their order, by prefix, page by page', async () => {
    for (const key of ['b', 'a/2', 'a/1', 'a-&<"', 'c']) await put(key);
    const list = (more: object): Promise<ListObjectsV2CommandOutput> =>
      client.send(new ListObjectsV2Command({ Bucket: fake.bucket, ...more }));
    const keysOf = ({ Contents = [] }: ListObjectsV2CommandOutput): unknown[] =>
      Contents.map(({ Key }) => Key);
    expect(keysOf(await list({}))).toEqual(['a-&<"', 'a/1', 'a/2', 'b', 'c']);
    expect(keysOf(await list({ Prefix: 'a/', StartAfter: 'a/1' }))).toEqual(['a/2']);
    const first = await list({ MaxKeys: 2 });
    expect(first).toMatchObject({ IsTruncated: true, KeyCount: 2 });
    const second = await list({ MaxKeys: 3, ContinuationToken: first.NextContinuationToken });
    expect(keysOf(second)).toEqual(['a/2', 'b', 'c']);
    expect(second).toMatchObject({ IsTruncated: false });
  });

  it('serves nobody who cannot sign, and nothing that was changed after signing', async () => {
    await put('a');
    client = connect({ secretAccessKey: 'wrong' });
    expect(await failure(get('a'))).toEqual(['SignatureDoesNotMatch', 403]);
    client = connect({ accessKeyId: 'wrong' });
    expect(await failure(get('a'))).toEqual(['InvalidAccessKeyId', 403]);
    for (const [forgery, code, status] of [
      [{ headers: { 'x-amz-meta-forged': '1' } }, 'AccessDenied', 403],
      [{ headers: { 'content-md5': 'forged' } }, 'SignatureDoesNotMatch', 403],
      [{ path: `/${fake.bucket}/forged` }, 'SignatureDoesNotMatch', 403],
      [{ body: Buffer.from('b body of some bytes') }, 'XAmzContentSHA256Mismatch', 400],
    ] as const) {
      client = connect();
      client.middlewareStack.add(
        (next) => (args) => {
          const request = args.request as { readonly headers: object };
          const headers = { ...request.headers, ...('headers' in forgery ? forgery.headers : {}) };
          Object.assign(request, forgery, { headers });
          return next(args);
        },
        { step: 'deserialize', name: 'forge' },
      );
      expect(await failure(put('b', { ContentMD5: hash('md5', BODY, 'base64') }))).toEqual([code, status]);
    }
    const unsigned = await fetch(`${fake.url}/${fake.bucket}/a`);
    expect([unsigned.status, await unsigned.text()]).toEqual([
      403,
      expect.stringMatching(
        /^<\?xml version="1.0" encoding="UTF-8"\?><Error><Code>AccessDenied<\/Code><Message>Access Denied<\/Message><RequestId>[0-9a-f-]{36}<\/RequestId><\/Error>$/,
      ),
    ]);
    expect(fake.shelf.keys()).toEqual(['a']);
  });

  it('refuses clocks that are a quarter of an hour off', async () => {
    nowMs += 16 * 60_000;
    expect(await failure(get('a'))).toEqual(['RequestTimeTooSkewed', 403]);
  });

  it('has one bucket', async () => {
    await client.send(new HeadBucketCommand({ Bucket: fake.bucket }));
    expect(await failure(client.send(new HeadBucketCommand({ Bucket: 'other' })))).toEqual(['NotFound', 404]);
    expect(await failure(client.send(new GetObjectCommand({ Bucket: 'other', Key: 'a' })))).toEqual([
      'NoSuchBucket',
      404,
    ]);
  });

  it('damages what it sends, keeps or loses, as often as it is told to', async () => {
    await put('a');
    breakWith({ kind: 'truncate', keptBytes: 6 });
    expect(await get('a')).toBe('a body');
    breakWith({ kind: 'flip-bit', bit: 5 });
    expect(await get('a')).toBe('A body of some bytes');
    breakWith({ kind: 'cut', keptBytes: 6 });
    await expect(get('a')).rejects.toThrow('aborted');
    expect(await get('a')).toBe(BODY.toString());
    breakWith({ kind: 'truncate', keptBytes: 1 });
    await put('b');
    breakWith({ kind: 'flip-bit', bit: 5 });
    await put('c');
    expect([await get('b'), await get('c')]).toEqual(['a', 'A body of some bytes']);
    breakWith({ kind: 'wipe' });
    expect(await failure(get('a'))).toEqual(['NoSuchKey', 404]);
    breakWith({ kind: 'wipe-all' });
    expect(await failure(get('b'))).toEqual(['NoSuchKey', 404]);
    expect(fake.shelf.keys()).toEqual([]);
  });

  it('fails before or after it has done what it was asked to', async () => {
    breakWith({ kind: 'error', code: 'InternalError' });
    expect(await failure(put('a'))).toEqual(['InternalError', 500]);
    expect(fake.shelf.keys()).toEqual([]);
    breakWith({ kind: 'error', code: 'InternalError', isCommitted: true });
    expect(await failure(put('a'))).toEqual(['InternalError', 500]);
    expect(fake.shelf.keys()).toEqual(['a']);
    breakWith({ kind: 'error', code: 'SlowDown', retryAfterSeconds: 7 });
    const refused = await fetch(`${fake.url}/${fake.bucket}/a`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '7']);
  });

  it('hangs, and is slow', async () => {
    breakWith({ kind: 'hang', isCommitted: true });
    const abortion = new AbortController();
    const hanging = client.send(new PutObjectCommand({ ...object('a'), Body: BODY }), {
      abortSignal: abortion.signal,
    });
    while (fake.log.entries.length === 0) await new Promise((resolve) => setImmediate(resolve));
    abortion.abort();
    expect(await failure(hanging)).toEqual(['AbortError', undefined]);
    expect(fake.log.entries).toEqual([{ operation: 'PutObject', key: 'a', status: undefined }]);
    breakWith({ kind: 'slow', pieces: 4, delayMs: 1 });
    expect(await get('a')).toBe(BODY.toString());
  });

  it('counts every operation, and lets another process look and make trouble', async () => {
    await put('a');
    await failure(put('a'));
    await failure(get('x'));
    const control = (method: string, path: string, body?: object): Promise<Response> =>
      fetch(`${fake.url}/_fake/${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    expect(await (await control('GET', 'counts')).json()).toEqual({
      PutObject: 2,
      GetObject: 1,
      HeadObject: 0,
      DeleteObject: 0,
      ListObjectsV2: 0,
      HeadBucket: 0,
    });
    const rule = { fault: { kind: 'error', code: 'AccessDenied' }, on: ['GetObject'], keyPattern: '^a$' };
    expect((await control('POST', 'faults', rule)).status).toBe(204);
    expect(await failure(get('a'))).toEqual(['AccessDenied', 403]);
    expect(await failure(get('x'))).toEqual(['NoSuchKey', 404]);
    await control('DELETE', 'faults');
    await control('POST', 'rot', { kind: 'flip-bit', key: 'a', bit: 5 });
    expect(await get('a')).toBe('A body of some bytes');
    expect((await control('POST', 'faults', { fault: { kind: 'unheard-of' } })).status).toBe(400);
    expect((await control('POST', 'faults', { ...rule, keyPattern: '(' })).status).toBe(400);
    expect((await control('GET', 'other')).status).toBe(404);
  });

  it('fails the same operations from the same seed', async () => {
    const outcomesOf = async (seed: number): Promise<string> => {
      await fake.stop();
      await start({ seed });
      fake.faults.add({ fault: { kind: 'error', code: 'SlowDown' }, probability: 0.5 });
      let outcomes = '';
      for (let i = 0; i < 20; i += 1) outcomes += String(await failure(get('a'))).includes('503') ? 'x' : '.';
      return outcomes;
    };
    const [first, again, other] = [await outcomesOf(7), await outcomesOf(7), await outcomesOf(8)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(first).toMatch(/x.*\./);
  });

  it('keeps objects in a folder through a restart, and in memory while it is down', async () => {
    await put('in memory');
    await fake.stop();
    await expect(get('in memory')).rejects.toThrow();
    await fake.restart();
    expect(await get('in memory')).toBe(BODY.toString());

    const folder = await mkdtemp(join(tmpdir(), 'r2-'));
    const startAgain = async (): Promise<void> => {
      await fake.stop();
      await start({ folder });
    };
    await startAgain();
    await put('a\n/b', { Metadata: { x: 'y' } });
    await startAgain();
    expect(await get('a\n/b')).toBe(BODY.toString());
    expect(fake.shelf.find('a\n/b')).toMatchObject({ metadata: { x: 'y' }, etag: hash('md5', BODY) });
    await client.send(new DeleteObjectCommand(object('a\n/b')));
    expect(fake.shelf.keys()).toEqual([]);
    await rm(folder, { recursive: true });
  });
});
