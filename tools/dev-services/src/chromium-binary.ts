import { findOnPath } from '@tollgate/database/embedded';
import { installFromDebian } from './debian-package.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * Path of a Chromium. As root on Debian a missing one is installed, with a line on stderr that says so.
 *
 * @throws when there is none and it cannot be installed; the message says what to install.
 */
export async function getChromiumBinary(): Promise<string> {
  const found = findChromium();
  if (found !== undefined) return found;
  await installFromDebian('chromium');
  const installed = findChromium();
  if (installed !== undefined) return installed;
  throw new Error(
    'Tests of the console need a Chromium on PATH and found none. ' +
      'Install it (Debian: apt-get install chromium; macOS: brew install --cask chromium).',
  );
}

function findChromium(): string | undefined {
  return NAMES.map((name) => findOnPath(name)).find((path) => path !== undefined);
}
