import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Installs a package as root on Debian or Ubuntu, with a line on stderr that says so; elsewhere does nothing. */
export async function installFromDebian(name: string): Promise<void> {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  process.stderr.write(`${name} is missing: installing it with apt-get install ${name}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  await run('apt-get', [...lock, 'update', '-q'], { env });
  await run('apt-get', [...lock, 'install', '-q', '-y', '--no-install-recommends', name], { env });
}
