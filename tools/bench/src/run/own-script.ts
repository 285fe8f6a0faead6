import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Child } from './child.js';
import type { Cleanup } from './cleanup.js';

const START_TIMEOUT_MS = 20_000;

/** Root folder of the workspace. */
export const workspaceRoot = resolve(import.meta.dirname, '../../../..');

const hooks = pathToFileURL(join(workspaceRoot, 'tools/swc-hooks.mjs')).href;

/** A process that runs a script of the bench, and what it said when it was ready. */
export interface OwnScript<Ready> {
  readonly child: Child;
  readonly ready: Ready;
}

/** Runs `src/<script>.ts` in a process with a message channel and waits for its first message. */
export async function runOwnScript<Ready>(
  cleanup: Cleanup,
  script: string,
  args: readonly string[] = [],
): Promise<OwnScript<Ready>> {
  const file = join(workspaceRoot, 'tools/bench/src', `${script}.ts`);
  const child = Child.start(
    {
      name: script,
      command: process.execPath,
      args: ['--conditions=@tollgate/source', '--import', hooks, file, ...args],
      hasChannel: true,
    },
    cleanup,
  );
  try {
    return { child, ready: await child.receive<Ready>(START_TIMEOUT_MS) };
  } catch (error) {
    await child.stop();
    throw error;
  }
}
