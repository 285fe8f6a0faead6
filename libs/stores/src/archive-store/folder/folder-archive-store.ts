import { access, open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { checkKey, checkRange } from '../archive-key.js';
import { ArchiveStoreError } from '../archive-store-error.js';
import {
  ArchiveStore,
  MAX_LISTED_KEYS,
  MAX_OBJECT_BYTES,
  type ArchiveKeys,
  type ArchiveObject,
} from '../archive-store.js';
import { makeFolder, removeDurably, writeDurably } from './durable-file.js';
import { codeOf, folderFailure } from './folder-failure.js';
import { listFiles } from './list-files.js';

const metadataSchema = z.record(z.string(), z.string());

/**
 * An archive in a local folder: each object a file under its key, its metadata in a hidden file beside it. What is put is
 * on the disk (fsync) before it is said to be.
 */
export class FolderArchiveStore extends ArchiveStore {
  readonly #running = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(private readonly options: { readonly folder: string }) {
    super();
  }

  put(key: string, body: Buffer, metadata: Readonly<Record<string, string>>): Promise<'created' | 'adopted'> {
    return this.#run(key, async (path) => {
      await makeFolder(dirname(path));
      const isCreated = await writeDurably(path, body, false);
      if (!isCreated && !(await this.#readWhole(path)).equals(body))
        throw new ArchiveStoreError('exists', 'Another object has this key.');
      const metadataPath = metadataPathOf(path);
      // The object comes first: a crash in between leaves one without metadata, which the repeated put adds.
      if (isCreated || !(await exists(metadataPath)))
        await writeDurably(metadataPath, Buffer.from(JSON.stringify(metadata)), true);
      return isCreated ? 'created' : 'adopted';
    });
  }

  get(key: string): Promise<Buffer> {
    return this.#run(key, (path) => this.#readWhole(path));
  }

  getRange(key: string, offset: number, length: number): Promise<Buffer> {
    return this.#run(key, (path) => {
      checkRange(offset, length);
      return this.#withFile(path, (file) => readExactly(file, offset, length));
    });
  }

  head(key: string): Promise<ArchiveObject | undefined> {
    return this.#run(key, async (path) => {
      try {
        const { size } = await stat(path);
        return { key, sizeBytes: size, metadata: await readMetadata(metadataPathOf(path)) };
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') throw error;
        await this.#checkFolder();
        return undefined;
      }
    });
  }

  delete(key: string): Promise<void> {
    return this.#run(key, async (path) => {
      await removeDurably(path);
      await removeDurably(metadataPathOf(path));
    });
  }

  list(prefix: string, after = '', limit = MAX_LISTED_KEYS): Promise<ArchiveKeys> {
    return this.#track(async () => {
      await this.#checkFolder();
      const keys: string[] = [];
      for await (const key of listFiles(this.options.folder, prefix, after)) {
        if (keys.length === limit) return { keys, next: keys[limit - 1] ?? '' };
        keys.push(key);
      }
      return { keys };
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#running);
  }

  async #readWhole(path: string): Promise<Buffer> {
    return this.#withFile(path, async (file) => {
      const { size } = await file.stat();
      if (size > MAX_OBJECT_BYTES)
        throw new ArchiveStoreError('corrupt', 'The object is larger than any that is written.');
      return size === 0 ? Buffer.alloc(0) : readExactly(file, 0, size);
    });
  }

  async #withFile<T>(path: string, read: (file: FileHandle) => Promise<T>): Promise<T> {
    let file: FileHandle;
    try {
      file = await open(path, 'r');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') await this.#checkFolder();
      throw error;
    }
    try {
      return await read(file);
    } finally {
      await file.close();
    }
  }

  /** A volume that is not mounted must not look like an archive that has lost everything. */
  async #checkFolder(): Promise<void> {
    if (await exists(this.options.folder)) return;
    throw new ArchiveStoreError('unavailable', "The archive's folder is not there.");
  }

  #run<T>(key: string, work: (path: string) => Promise<T>): Promise<T> {
    return this.#track(() => {
      checkKey(key);
      return work(join(this.options.folder, key));
    });
  }

  async #track<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new ArchiveStoreError('unavailable', 'The archive is closed.');
    const running = (async () => work())();
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      throw folderFailure(error);
    } finally {
      this.#running.delete(running);
    }
  }
}

function metadataPathOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.metadata.json`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function readMetadata(path: string): Promise<Record<string, string>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '{}';
    throw error;
  });
  try {
    return metadataSchema.parse(JSON.parse(text));
  } catch {
    // What is wrong with it would quote it.
    throw new ArchiveStoreError('corrupt', "The object's metadata cannot be read.");
  }
}

async function readExactly(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { size } = await file.stat();
  // Before room is made for it: an index can be wrong.
  if (offset + length > size) throw new ArchiveStoreError('corrupt', 'The object ends before the range.');
  const bytes = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) throw new ArchiveStoreError('corrupt', 'The object became shorter.');
    filled += bytesRead;
  }
  return bytes;
}
