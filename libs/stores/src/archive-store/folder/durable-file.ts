import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from './folder-failure.js';

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder with those above it, each durably. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  // A new folder is durable once the one that it stands in is.
  for (let made = path; made.length >= first.length; made = dirname(made)) await sync(dirname(made));
}

/**
 * Writes a file that is whole or not there, whatever happens in between: under another name, which begins with a dot,
 * then under its own.
 * @returns false when a file has this name already and must not be replaced
 */
export async function writeDurably(path: string, content: Buffer, mayReplace: boolean): Promise<boolean> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Unlike a rename, a link never takes the place of another file, not even one that comes up right now.
    if (mayReplace) await rename(temporary, path);
    else await link(temporary, path);
    await sync(dirname(path));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    // Gone after a rename. What a crash leaves behind is no object, and costs nothing but its room.
    await unlink(temporary).catch(() => undefined);
  }
}

/** Removes a file durably, if it is there. */
export async function removeDurably(path: string): Promise<void> {
  try {
    await unlink(path);
    await sync(dirname(path));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') throw error;
  }
}
