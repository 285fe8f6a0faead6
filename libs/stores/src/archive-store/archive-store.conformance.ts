import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@tollgate/domain';
import type { ArchiveStore } from './archive-store.js';

/** One implementation under test; several suites may share what is behind it. */
export interface ArchiveStoreFixture {
  readonly store: ArchiveStore;
  /** Another store over the same objects, as another process has it. */
  reopen(): Promise<ArchiveStore>;
  /** Ends what the fixture started, the stores included. */
  close(): Promise<void>;
}

const BODY = Buffer.from([0, 1, 2, 253, 254, 255, 10, 13]);
const METADATA = { sha256: 'ab', members: '3' };

/** The behaviour every archive store shares. */
export function describeArchiveStore(name: string, open: () => Promise<ArchiveStoreFixture>): void {
  describe(`${name} keeps objects`, () => {
    let fixture: ArchiveStoreFixture;
    let store: ArchiveStore;
    let folder: string;

    beforeEach(async () => {
      fixture = await open();
      store = fixture.store;
      folder = `checkpoints/t-${uuidV7(Date.now())}/2026/11/23`;
    });
    afterEach(() => fixture.close());

    it('gives back what it was given, to another process as well', async () => {
      expect(await store.put(`${folder}/a`, BODY, METADATA)).toBe('created');
      const other = await fixture.reopen();
      for (const reader of [store, other]) {
        expect(await reader.get(`${folder}/a`)).toEqual(BODY);
        expect(await reader.head(`${folder}/a`)).toEqual({
          key: `${folder}/a`,
          sizeBytes: BODY.length,
          metadata: METADATA,
        });
      }
    });

    it('keeps its own copy', async () => {
      const body = Buffer.from(BODY);
      await store.put(`${folder}/a`, body, {});
      body.fill(0);
      const first = await store.get(`${folder}/a`);
      expect(first).toEqual(BODY);
      first.fill(0);
      expect(await store.get(`${folder}/a`)).toEqual(BODY);
    });

    it('takes objects without a byte, and of many', async () => {
      const large = Buffer.alloc(9 * 1024 * 1024, 'large ');
      await store.put(`${folder}/empty`, Buffer.alloc(0), {});
      await store.put(`${folder}/large`, large, {});
      expect((await store.get(`${folder}/empty`)).length).toBe(0);
      expect((await store.get(`${folder}/large`)).equals(large)).toBe(true);
      expect(await store.getRange(`${folder}/large`, large.length - 6, 6)).toEqual(Buffer.from('large '));
    });

    it('adopts the same bytes, however often, and never lets others take their place', async () => {
      await store.put(`${folder}/a`, BODY, METADATA);
      expect(await store.put(`${folder}/a`, BODY, METADATA)).toBe('adopted');
      for (const other of [Buffer.from('other'), Buffer.alloc(0), Buffer.concat([BODY, BODY])])
        await expect(store.put(`${folder}/a`, other, {})).rejects.toMatchObject({ reason: 'exists' });
      expect(await store.get(`${folder}/a`)).toEqual(BODY);
      expect((await store.head(`${folder}/a`))?.metadata).toEqual(METADATA);
    });

    it('creates an object once, however many try at the same time', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          store
            .put(`${folder}/a`, Buffer.from(i < 5 ? 'first' : 'second'), {})
            .catch((error: unknown) => error),
        ),
      );
      const stored = await store.get(`${folder}/a`);
      const count = (outcome: unknown): number => outcomes.filter((found) => found === outcome).length;
      expect([count('created'), count('adopted')]).toEqual([1, 4]);
      expect(outcomes.filter((found) => found instanceof Error)).toEqual(
        Array.from({ length: 5 }, () => expect.objectContaining({ reason: 'exists' })),
      );
      expect(['first', 'second']).toContain(stored.toString());
    });

    it('reads exactly the range, or nothing', async () => {
      await store.put(`${folder}/a`, BODY, {});
      expect(await store.getRange(`${folder}/a`, 0, 8)).toEqual(BODY);
      expect(await store.getRange(`${folder}/a`, 3, 1)).toEqual(Buffer.of(253));
      for (const [offset, length] of [
        [0, 9],
        [7, 2],
        [8, 1],
        [100, 1],
      ] as const)
        await expect(store.getRange(`${folder}/a`, offset, length)).rejects.toMatchObject({
          reason: 'corrupt',
        });
      for (const [offset, length] of [
        [0, 0],
        [-1, 1],
        [0.5, 1],
        [0, Number.NaN],
      ] as const)
        await expect(store.getRange(`${folder}/a`, offset, length)).rejects.toMatchObject({
          reason: 'refused',
        });
    });

    it('says what is missing', async () => {
      await expect(store.get(`${folder}/a`)).rejects.toMatchObject({ reason: 'missing' });
      await expect(store.getRange(`${folder}/a`, 0, 1)).rejects.toMatchObject({ reason: 'missing' });
      expect(await store.head(`${folder}/a`)).toBeUndefined();
    });

    it('removes an object for good, and one that is not there too', async () => {
      await store.put(`${folder}/a`, BODY, {});
      await store.delete(`${folder}/a`);
      await store.delete(`${folder}/a`);
      expect(await store.head(`${folder}/a`)).toBeUndefined();
      expect(await store.list(`${folder}/`)).toEqual({ keys: [] });
      expect(await store.put(`${folder}/a`, Buffer.from('new'), {})).toBe('created');
    });

    it('lists keys in the order of their bytes, by prefix and from anywhere, page by page', async () => {
      const keys = ['a-b', 'a.b', 'a/b-1', 'a/b/c-1', 'a/b/c-2', 'a/b0', 'a0', 'b/a', 'b0'].map(
        (key) => `${folder}/${key}`,
      );
      for (const key of [...keys].reverse()) await store.put(key, Buffer.from(key), {});
      const sorted = [...keys].sort();
      expect(await store.list(`${folder}/`)).toEqual({ keys: sorted });
      expect(await store.list(`${folder}/a/b`)).toEqual({
        keys: sorted.filter((key) => key.startsWith(`${folder}/a/b`)),
      });
      expect(await store.list(`${folder}/c`)).toEqual({ keys: [] });
      expect(await store.list(`${folder}/`, `${folder}/a/b/c`)).toEqual({
        keys: sorted.filter((key) => key > `${folder}/a/b/c`),
      });
      const pages = [];
      let after: string | undefined;
      do {
        const page = await store.list(`${folder}/`, after, 2);
        pages.push(page.keys);
        after = page.next;
      } while (after !== undefined);
      expect(pages.flat()).toEqual(sorted);
      expect(pages.map((page) => page.length)).toEqual([2, 2, 2, 2, 1]);
      expect(await store.list(`${folder}/`, undefined, 9)).toEqual({ keys: sorted });
    });

    it.each([
      '',
      '/',
      '/etc/passwd',
      '..',
      '../a',
      'a/../b',
      'a/..',
      'a//b',
      'a/',
      '.a',
      'a/.b',
      'a\\b',
      'a\0',
      'ä',
      'a b',
      'a?b',
      'a%2fb',
      'x'.repeat(300),
      'a/'.repeat(600) + 'a',
    ])('takes no key that may lead elsewhere: %j', async (key) => {
      for (const act of [
        () => store.put(key, BODY, {}),
        () => store.get(key),
        () => store.getRange(key, 0, 1),
        () => store.head(key),
        () => store.delete(key),
      ])
        await expect(act()).rejects.toMatchObject({ name: 'ArchiveStoreError', reason: 'refused' });
    });

    it('does nothing any more once it is closed', async () => {
      await store.close();
      await store.close();
      for (const act of [
        () => store.put(`${folder}/a`, BODY, {}),
        () => store.get(`${folder}/a`),
        () => store.getRange(`${folder}/a`, 0, 1),
        () => store.head(`${folder}/a`),
        () => store.delete(`${folder}/a`),
        () => store.list(folder),
      ])
        await expect(act()).rejects.toMatchObject({ name: 'ArchiveStoreError', reason: 'unavailable' });
    });
  });
}
