import { readFile, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file of the console. */
export interface ConsoleFile {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/** The built console, kept in memory; it is built apart from the admin API, and may be missing. */
export class ConsoleFiles {
  readonly #files = new Map<string, ConsoleFile>();

  constructor(private readonly folder = join(import.meta.dirname, '../../../console/dist')) {}

  /** Reads all of it; a folder that is not there is an empty one. */
  async load(): Promise<void> {
    const names = await readdir(this.folder, { recursive: true }).catch(() => []); // not built
    for (const name of names) {
      const contentType = TYPES[extname(name)];
      if (contentType === undefined) continue;
      this.#files.set(name, { bytes: await readFile(join(this.folder, name)), contentType });
    }
  }

  /** A file by its path in the folder; only what was there at the start is found. */
  find(path: string): ConsoleFile | undefined {
    return this.#files.get(path);
  }
}
