import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The one name with a dot in front that keys have. */
const OWN_FOLDER = '.tollgate';

/** The names in a folder in the order that whole keys have: a folder sorts as its name with a slash. */
async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter(({ name }) => !name.startsWith('.') || name === OWN_FOLDER)
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort();
}

/**
 * Keys of the files below a folder, ascending, that begin with `prefix` and sort behind `after`; folders without any are
 * not read.
 */
export async function* listFiles(
  folder: string,
  prefix: string,
  after: string,
  above = '',
): AsyncGenerator<string> {
  for (const name of await namesIn(join(folder, above))) {
    const key = above + name;
    if (!name.endsWith('/')) {
      if (key.startsWith(prefix) && key > after) yield key;
    } else if ((key.startsWith(prefix) || prefix.startsWith(key)) && (key > after || after.startsWith(key))) {
      yield* listFiles(folder, prefix, after, key);
    }
  }
}
