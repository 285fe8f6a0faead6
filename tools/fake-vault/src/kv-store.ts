import { dataAnswer, errorAnswer, type Answer } from './answer.js';

interface Version {
  readonly data: unknown;
  readonly createdTime: string;
  deletionTime: string;
  destroyed: boolean;
}

const NOTHING = errorAnswer(404);

/** Secrets of KV version 2, each with its versions. */
export class KvStore {
  readonly #secrets = new Map<string, Version[]>();

  constructor(private readonly now: () => number) {}

  /** Writes a new version. */
  put(path: string, data: unknown): void {
    const versions = this.#secrets.get(path) ?? [];
    versions.push({ data, createdTime: this.#time(), deletionTime: '', destroyed: false });
    this.#secrets.set(path, versions);
  }

  /** Marks the newest version as deleted; `undelete` takes that back. */
  delete(path: string): void {
    this.#newest(path).deletionTime = this.#time();
  }

  undelete(path: string): void {
    this.#newest(path).deletionTime = '';
  }

  /** Removes the newest version's data for ever, but not the secret's place. */
  destroy(path: string): void {
    this.#newest(path).destroyed = true;
  }

  /** Removes a secret with all its versions, as deleting its metadata does. */
  purge(path: string): void {
    this.#secrets.delete(path);
  }

  /** The paths of all secrets. */
  paths(): string[] {
    return [...this.#secrets.keys()];
  }

  /** `GET <mount>/data/<path>`. */
  read(path: string): Answer {
    const versions = this.#secrets.get(path);
    const newest = versions?.at(-1);
    if (!versions || !newest) return NOTHING;
    const isGone = newest.destroyed || newest.deletionTime !== '';
    const metadata = { ...describe(newest), custom_metadata: null, version: versions.length };
    return dataAnswer({ data: isGone ? null : newest.data, metadata }, isGone ? 404 : 200);
  }

  /** `GET <mount>/metadata/<path>`. */
  readMetadata(path: string): Answer {
    const versions = this.#secrets.get(path);
    if (!versions) return NOTHING;
    const numbered = versions.map((version, i) => [String(i + 1), describe(version)] as const);
    return dataAnswer({ current_version: versions.length, versions: Object.fromEntries(numbered) });
  }

  /** `LIST <mount>/metadata/<folder>`: folders end with a slash; a folder without anything is not there. */
  list(folder: string): Answer {
    const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
    const below = this.paths().filter((path) => path.startsWith(prefix));
    const keys = below.map((path) => /^[^/]+\/?/.exec(path.slice(prefix.length))?.[0] ?? '');
    return keys.length === 0 ? NOTHING : dataAnswer({ keys: [...new Set(keys)].sort() });
  }

  #newest(path: string): Version {
    const newest = this.#secrets.get(path)?.at(-1);
    if (!newest) throw new Error(`There is no secret at ${path}.`);
    return newest;
  }

  #time(): string {
    return new Date(this.now()).toISOString();
  }
}

function describe({ createdTime, deletionTime, destroyed }: Version): object {
  return { created_time: createdTime, deletion_time: deletionTime, destroyed };
}
