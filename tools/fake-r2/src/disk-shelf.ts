import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ObjectShelf, type StoredObject } from './object-shelf.js';

const NEWLINE = 0x0a;
const headSchema = z.object({
  key: z.string(),
  metadata: z.record(z.string(), z.string()),
  contentType: z.string(),
  etag: z.string(),
  modifiedAtMs: z.number(),
});

/** Objects in a folder, each a file named after the hash of its key: a line of JSON, then the body. */
export class DiskShelf extends ObjectShelf {
  readonly #keys = new Set<string>();

  constructor(private readonly folder: string) {
    super();
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder))
      if (name.endsWith('.object')) this.#keys.add(readObject(join(folder, name)).key);
  }

  find(key: string): StoredObject | undefined {
    return this.#keys.has(key) ? readObject(this.#pathOf(key)) : undefined;
  }

  set(key: string, { body, ...head }: StoredObject): void {
    const path = this.#pathOf(key);
    const line = Buffer.from(`${JSON.stringify({ key, ...head })}\n`);
    writeFileSync(`${path}.tmp`, Buffer.concat([line, body]));
    renameSync(`${path}.tmp`, path);
    this.#keys.add(key);
  }

  delete(key: string): void {
    rmSync(this.#pathOf(key), { force: true });
    this.#keys.delete(key);
  }

  keys(): string[] {
    return [...this.#keys].sort();
  }

  #pathOf(key: string): string {
    return join(this.folder, `${hash('sha256', key)}.object`);
  }
}

function readObject(path: string): StoredObject & { readonly key: string } {
  const bytes = readFileSync(path);
  const headEnd = bytes.indexOf(NEWLINE);
  const head = headSchema.parse(JSON.parse(bytes.toString('utf8', 0, headEnd)));
  return { ...head, body: bytes.subarray(headEnd + 1) };
}
