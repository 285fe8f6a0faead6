import { findOnPath } from '@tollgate/database/embedded';
import { installFromDebian } from './debian-package.js';

/**
 * Path of `redis-server`. As root on Debian or Ubuntu a missing one is installed, with a line on stderr that says so.
 *
 * @throws when there is none and it cannot be installed; the message says what to install.
 */
export async function getRedisBinary(): Promise<string> {
  const found = findOnPath('redis-server');
  if (found !== undefined) return found;
  await installFromDebian('redis-server');
  const installed = findOnPath('redis-server');
  if (installed !== undefined) return installed;
  throw new Error(
    'Tests need redis-server 6.2 or newer on PATH and found none. ' +
      'Install it (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis), ' +
      'or set TEST_REDIS_URL to a Redis whose data may be lost.',
  );
}
