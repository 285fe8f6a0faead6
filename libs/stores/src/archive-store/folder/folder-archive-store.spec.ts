import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeArchiveStore } from '../archive-store.conformance.js';
import { FolderArchiveStore } from './folder-archive-store.js';

describeArchiveStore('FolderArchiveStore', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'archive-'));
  const [store, other] = [new FolderArchiveStore({ folder }), new FolderArchiveStore({ folder })];
  return {
    store,
    reopen: () => Promise.resolve(other),
    close: async () => {
      await Promise.all([store.close(), other.close()]);
      await rm(folder, { recursive: true });
    },
  };
});

describe('an archive in a folder', () => {
  const BODY = Buffer.from('body');
  let folder: string;
  let store: FolderArchiveStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'archive-'));
    store = new FolderArchiveStore({ folder });
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is files under their keys, and nothing else that a listing shows', async () => {
    await store.put('checkpoints/acme/a', BODY, { format: '1' });
    expect((await readdir(join(folder, 'checkpoints/acme'))).sort()).toEqual(['.a.metadata.json', 'a']);
    expect(await readFile(join(folder, 'checkpoints/acme/a'))).toEqual(BODY);
    expect(await store.list('')).toEqual({ keys: ['checkpoints/acme/a'] });
    await store.delete('checkpoints/acme/a');
    expect(await readdir(join(folder, 'checkpoints/acme'))).toEqual([]);
  });

  it('counts what a crash left half written as nothing', async () => {
    await mkdir(join(folder, 'a'));
    await writeFile(join(folder, 'a', '.b.1234.tmp'), 'bo');
    expect(await store.list('')).toEqual({ keys: [] });
    expect(await store.head('a/b')).toBeUndefined();
    expect(await store.put('a/b', BODY, {})).toBe('created');
  });

  it('adds the metadata that a crash kept from being written', async () => {
    await writeFile(join(folder, 'a'), BODY);
    expect(await store.head('a')).toEqual({ key: 'a', sizeBytes: 4, metadata: {} });
    expect(await store.put('a', BODY, { format: '1' })).toBe('adopted');
    expect(await store.head('a')).toEqual({ key: 'a', sizeBytes: 4, metadata: { format: '1' } });
  });

  it('is away, and not empty, when its folder is not there', async () => {
    await store.put('a', BODY, {});
    await rm(folder, { recursive: true });
    await expect(store.head('a')).rejects.toMatchObject({ reason: 'unavailable' });
    await expect(store.get('a')).rejects.toMatchObject({ reason: 'unavailable' });
    await expect(store.getRange('a', 0, 1)).rejects.toMatchObject({ reason: 'unavailable' });
    await expect(store.list('')).rejects.toMatchObject({ reason: 'unavailable' });
  });

  it('makes its folder with the first object', async () => {
    const deeper = new FolderArchiveStore({ folder: join(folder, 'x', 'y') });
    expect(await deeper.put('a', BODY, {})).toBe('created');
    expect(await deeper.get('a')).toEqual(BODY);
    await deeper.close();
  });

  it('says so when its metadata is not what was written', async () => {
    await store.put('a', BODY, { format: '1' });
    await writeFile(join(folder, '.a.metadata.json'), '{"format":');
    await expect(store.head('a')).rejects.toMatchObject({
      reason: 'corrupt',
      message: "The object's metadata cannot be read.",
    });
  });

  it('reads no object that is larger than any it wrote', async () => {
    await writeFile(join(folder, 'a'), Buffer.alloc(33 * 1024 * 1024));
    await expect(store.get('a')).rejects.toMatchObject({ reason: 'corrupt' });
  });

  it('names neither the key nor the folder when it fails', async () => {
    await mkdir(join(folder, 'a'));
    const failure = await store.get('a').catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'ArchiveStoreError', reason: 'unavailable' });
    expect(String(failure)).toBe("ArchiveStoreError: The archive's folder cannot be used right now.");
  });
});
