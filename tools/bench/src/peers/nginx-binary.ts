import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { peersFolder } from './peers-folder.js';

const run = promisify(execFile);
const TIMEOUT_MS = 120_000;

/** Path of nginx: the machine's own, else Debian's package, unpacked and not installed so that no service starts. */
export async function getNginxBinary(): Promise<string> {
  const folder = join(peersFolder, 'nginx');
  const own = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', join(folder, 'usr/sbin')];
  const find = (): string | undefined => own.map((place) => join(place, 'nginx')).find(isExecutable);
  const found = find();
  if (found !== undefined) return found;
  await unpackFromDebian(folder).catch((error: unknown) => {
    throw new Error('there is no nginx on PATH, and none could be had from apt-get', { cause: error });
  });
  const unpacked = find();
  if (unpacked === undefined) throw new Error('there is no nginx on PATH');
  return unpacked;
}

async function unpackFromDebian(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const options = { cwd: folder, timeout: TIMEOUT_MS };
  if (process.getuid?.() === 0) await run('apt-get', ['update', '-q'], options);
  await run('apt-get', ['download', '-q', 'nginx'], options);
  const archive = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (archive !== undefined) await run('dpkg-deb', ['-x', archive, folder], options);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
