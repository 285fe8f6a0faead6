import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '@tollgate/dev-services';
import { Child } from '../run/child.js';
import { isListening } from './listening.js';
import { mockHeaders, type Peer } from './peer.js';
import { peersFolder } from './peers-folder.js';

const VERSION = '1.15.2';
const INSTALL_TIMEOUT_MS = 180_000;
const START_TIMEOUT_MS = 20_000;

const packageFolder = join(peersFolder, 'node_modules/@portkey-ai/gateway');

/** The npm package `@portkey-ai/gateway`: routing and translation without budgets, limits or billing. */
export const portkey: Peer = {
  name: 'Portkey',
  start: async ({ cleanup, mock, say }) => {
    if (!(await isInstalled())) {
      say(`installing @portkey-ai/gateway ${VERSION} into .cache/bench-peers`);
      await install();
    }
    const port = await findFreePort();
    const preload = join(import.meta.dirname, 'listen-on-loopback.ts');
    const script = join(packageFolder, 'build/start-server.js');
    const args = ['--import', preload, script, `--port=${port}`, '--headless'];
    const child = Child.start({ name: 'Portkey', command: process.execPath, args }, cleanup);
    await child.untilReady(() => isListening(port), START_TIMEOUT_MS);
    const headers = {
      ...mockHeaders,
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${mock.url}/v1`,
    };
    return {
      target: { origin: `http://127.0.0.1:${port}`, headers },
      pid: child.pid,
      stop: () => child.stop(),
    };
  },
};

async function isInstalled(): Promise<boolean> {
  const file = join(packageFolder, 'package.json');
  if (!existsSync(file)) return false;
  const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
  return version === VERSION;
}

async function install(): Promise<void> {
  await mkdir(peersFolder, { recursive: true });
  // With a package.json of its own npm does not take the workspace around it for its project.
  await writeFile(join(peersFolder, 'package.json'), '{ "private": true }\n');
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact'];
  await promisify(execFile)('npm', ['install', ...options, `@portkey-ai/gateway@${VERSION}`], {
    cwd: peersFolder,
    timeout: INSTALL_TIMEOUT_MS,
  }).catch((error: unknown) => {
    throw new Error('npm could not install @portkey-ai/gateway', { cause: error });
  });
}
