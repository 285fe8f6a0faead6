import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { findOnPath } from '@tollgate/database/embedded';

const run = promisify(execFile);

/**
 * Path of `redis-server`. As root on Debian or Ubuntu a missing one is installed, with a line on stderr that says so.
 *
 * @throws when there is none and it cannot be installed; the message says what to install.
 */
export async function getRedisBinary(): Promise<string> {
  const found = findOnPath('redis-server');
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) await installFromDebian();
  const installed = findOnPath('redis-server');
  if (installed !== undefined) return installed;
  throw new Error(
    'Tests need redis-server 6.2 or newer on PATH and found none. ' +
      'Install it (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis), ' +
      'or set TEST_REDIS_URL to a Redis whose data may be lost.',
  );
}

async function installFromDebian(): Promise<void> {
  process.stderr.write('redis-server is missing: installing it with apt-get install redis-server\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  await run('apt-get', [...lock, 'update', '-q'], { env });
  await run('apt-get', [...lock, 'install', '-q', '-y', '--no-install-recommends', 'redis-server'], { env });
}
