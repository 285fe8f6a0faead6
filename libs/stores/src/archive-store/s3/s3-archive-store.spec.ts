import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeR2, type Fault, type Operation } from '@tollgate/fake-r2';
import { ArchiveStoreError } from '../archive-store-error.js';
import { describeArchiveStore } from '../archive-store.conformance.js';
import { S3ArchiveStore, type S3ArchiveStoreOptions } from './s3-archive-store.js';

const BODY = Buffer.from('a body of some bytes');

describe('an archive in S3', () => {
  let fake: FakeR2;
  let nowMs: number;
  let waits: number[];
  let stores: S3ArchiveStore[];
  let store: S3ArchiveStore;

  function connect(more: Partial<S3ArchiveStoreOptions> = {}): S3ArchiveStore {
    const made = new S3ArchiveStore({
      endpoint: fake.url,
      bucket: fake.bucket,
      ...fake.credentials,
      timeoutMs: 10_000,
      wait: (ms) => {
        waits.push(ms);
        nowMs += 1000 + ms;
        return Promise.resolve();
      },
      ...more,
    });
    stores.push(made);
    return made;
  }

  async function start(): Promise<void> {
    nowMs = Date.now();
    waits = [];
    stores = [];
    fake = await FakeR2.start({ now: () => nowMs });
    store = connect();
  }

  async function stop(): Promise<void> {
    await Promise.all(stores.map((made) => made.close()));
    await fake.stop();
  }

  describeArchiveStore('S3ArchiveStore', async () => {
    await start();
    return { store, reopen: () => Promise.resolve(connect()), close: stop };
  });

  describe('that is faulty', () => {
    beforeEach(start);
    afterEach(stop);

    const breakWith = (fault: Fault, times: number, on?: Operation): void =>
      fake.faults.add({ fault, times, ...(on === undefined ? {} : { on: [on] }) });
    const failure = (made: Promise<unknown>): Promise<unknown> =>
      made.then(
        () => 'none',
        (error: unknown) => (error instanceof ArchiveStoreError ? error.reason : error),
      );
    const countOf = (operation: Operation): number => fake.log.counts[operation];

    it('writes an object by one request, which says what it must be', async () => {
      expect(await store.put('a', BODY, { members: '3' })).toBe('created');
      expect(fake.log.counts).toMatchObject({ PutObject: 1, GetObject: 0, HeadObject: 0, ListObjectsV2: 0 });
      expect(fake.shelf.find('a')).toMatchObject({ body: BODY, metadata: { members: '3' } });
    });

    it('tries again after what passes, with random waits that grow', async () => {
      breakWith({ kind: 'error', code: 'SlowDown' }, 2);
      breakWith({ kind: 'error', code: 'TooManyRequests' }, 1);
      expect(await store.put('a', BODY, {})).toBe('created');
      expect(countOf('PutObject')).toBe(4);
      breakWith({ kind: 'cut', keptBytes: 5 }, 1);
      expect(await store.get('a')).toEqual(BODY);
      expect(waits.map((ms, i) => ms >= 0 && ms < 200 * 2 ** (i % 3))).toEqual([true, true, true, true]);
    });

    it('adopts what it put itself when only the answer was lost', async () => {
      breakWith({ kind: 'error', code: 'InternalError', isCommitted: true }, 1);
      expect(await store.put('a', BODY, {})).toBe('adopted');
      expect(fake.log.counts).toMatchObject({ PutObject: 2, GetObject: 1 });
    });

    it('gives up after five tries, and says so', async () => {
      breakWith({ kind: 'error', code: 'ServiceUnavailable' }, 100);
      const error = await store.get('a').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        reason: 'unavailable',
        message: 'The archive answered 503 (ServiceUnavailable).',
        retryAfterMs: undefined,
      });
      expect([countOf('GetObject'), waits.length]).toEqual([5, 4]);
    });

    it('waits as long as it is asked to, and leaves longer waits to its caller', async () => {
      await store.put('a', BODY, {});
      breakWith({ kind: 'error', code: 'TooManyRequests', retryAfterSeconds: 29 }, 1);
      expect(await store.get('a')).toEqual(BODY);
      expect(waits).toEqual([29_000]);
      breakWith({ kind: 'error', code: 'TooManyRequests', retryAfterSeconds: 31 }, 1);
      await expect(store.get('a')).rejects.toMatchObject({ reason: 'unavailable', retryAfterMs: 31_000 });
      expect(waits).toHaveLength(1);
    });

    it.each([
      ['AccessDenied', 'denied'],
      ['Unauthorized', 'denied'],
      ['InvalidAccessKeyId', 'denied'],
      ['RequestTimeTooSkewed', 'denied'],
      ['InsufficientStorage', 'full'],
      ['EntityTooLarge', 'refused'],
      ['InvalidArgument', 'refused'],
    ] as const)('never repeats what is answered with %s', async (code, reason) => {
      breakWith({ kind: 'error', code }, 100);
      expect(await failure(store.put('a', BODY, {}))).toBe(reason);
      expect(await failure(store.get('a'))).toBe(reason);
      expect(await failure(store.head('a'))).toBe(reason);
      expect(await failure(store.delete('a'))).toBe(reason);
      expect(await failure(store.list(''))).toBe(reason);
      expect([waits, fake.log.entries.length]).toEqual([[], 5]);
    });

    it('uploads again what was damaged on its way', async () => {
      breakWith({ kind: 'error', code: 'BadDigest' }, 1, 'PutObject');
      expect(await store.put('a', BODY, {})).toBe('created');
    });

    it('never reads a body that is cut, and a range that is too short only as corrupt', async () => {
      await store.put('a', BODY, {});
      breakWith({ kind: 'cut', keptBytes: 5 }, 5);
      expect(await failure(store.get('a'))).toBe('unavailable');
      breakWith({ kind: 'truncate', keptBytes: 5 }, 5);
      expect(await failure(store.getRange('a', 0, 6))).toBe('corrupt');
      breakWith({ kind: 'truncate', keptBytes: 5 }, 1);
      expect(await store.getRange('a', 0, 6)).toEqual(BODY.subarray(0, 6));
    });

    it('reads no object that is larger than any it put', async () => {
      await store.put('a', BODY, {});
      const object = fake.shelf.find('a');
      if (object) fake.shelf.set('a', { ...object, body: Buffer.alloc(33 * 1024 * 1024) });
      expect(await failure(store.get('a'))).toBe('corrupt');
    });

    it('knows a missing bucket from a missing object', async () => {
      const elsewhere = connect({ bucket: 'elsewhere' });
      expect(await failure(elsewhere.head('a'))).toBe('refused');
      expect(await failure(elsewhere.get('a'))).toBe('refused');
      expect(await failure(elsewhere.delete('a'))).toBe('refused');
      expect(await store.head('a')).toBeUndefined();
    });

    it('does not call an object lost that is listed', async () => {
      await store.put('a', BODY, {});
      breakWith({ kind: 'error', code: 'NoSuchKey' }, 1, 'HeadObject');
      expect(await store.head('a')).toMatchObject({ sizeBytes: BODY.length });
    });

    it('puts without a condition where none is known, and replaces nothing all the same', async () => {
      breakWith({ kind: 'error', code: 'NotImplemented' }, 1, 'PutObject');
      expect(await store.put('a', BODY, {})).toBe('created');
      expect(await store.put('a', BODY, {})).toBe('adopted');
      expect(await failure(store.put('a', Buffer.from('other'), {}))).toBe('exists');
      expect([fake.shelf.find('a')?.body, countOf('PutObject')]).toEqual([BODY, 2]);
      breakWith({ kind: 'error', code: 'NotImplemented' }, 1, 'PutObject');
      expect(await failure(store.put('b', BODY, {}))).toBe('refused');
    });

    it('waits no longer for an answer than it may, nor for the rest of one', async () => {
      const hasty = connect({ timeoutMs: 100 });
      await store.put('a', BODY, {});
      breakWith({ kind: 'hang' }, 1);
      breakWith({ kind: 'slow', pieces: 20, delayMs: 50 }, 1);
      expect(await hasty.get('a')).toEqual(BODY);
      expect(countOf('GetObject')).toBe(3);
      breakWith({ kind: 'hang' }, 5);
      await expect(hasty.get('a')).rejects.toMatchObject({
        reason: 'unavailable',
        message: 'The archive did not answer in time.',
      });
    });

    it('ends what is under way when it is closed', async () => {
      breakWith({ kind: 'hang' }, 1);
      const reading = failure(store.get('a'));
      while (fake.log.entries.length === 0) await new Promise((resolve) => setImmediate(resolve));
      await store.close();
      expect(await reading).toBe('unavailable');

      let isWaiting: () => void = () => undefined;
      const begun = new Promise<void>((resolve) => (isWaiting = resolve));
      const patient = connect({
        wait: (_, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('aborted')));
            isWaiting();
          }),
      });
      breakWith({ kind: 'error', code: 'SlowDown' }, 1);
      const retrying = failure(patient.get('a'));
      await begun;
      await patient.close();
      expect(await retrying).toBe('unavailable');
    });

    it('is unavailable while it is down, and back when it is', async () => {
      await store.put('a', BODY, {});
      await fake.stop();
      await expect(store.get('a')).rejects.toMatchObject({
        reason: 'unavailable',
        message: 'The archive cannot be reached.',
      });
      await fake.restart();
      expect(await store.get('a')).toEqual(BODY);
    });

    it('tells nobody its credentials, its address or what it was sent', async () => {
      const wrong = connect({ secretAccessKey: 'another-secret' });
      breakWith({ kind: 'error', code: 'InternalError' }, 5, 'DeleteObject');
      const errors = await Promise.all(
        [wrong.put('the-key', BODY, { x: 'metadata' }), wrong.get('the-key'), wrong.delete('the-key')].map(
          (made) => made.catch((error: unknown) => error),
        ),
      );
      await fake.stop();
      errors.push(await wrong.get('the-key').catch((error: unknown) => error));
      const told = inspect(errors, { depth: 10, showHidden: true });
      expect(told.match(/reason: '\w+'/g)).toEqual([
        "reason: 'denied'",
        "reason: 'denied'",
        "reason: 'unavailable'",
        "reason: 'unavailable'",
      ]);
      for (const secret of ['another-secret', fake.credentials.accessKeyId, 'the-key', fake.url.slice(7)])
        expect(told).not.toContain(secret);
      for (const secret of [BODY.toString(), 'metadata', 'AWS4-HMAC', '127.0.0.1'])
        expect(told).not.toContain(secret);
    });
  });
});
