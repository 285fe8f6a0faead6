import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const root = join(import.meta.dirname, '../../../..');

/** How a command ended. */
export interface Finished {
  readonly code: unknown;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line as a process of its own, in an environment that holds nothing but `env`. */
export async function spawnCommandLine(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Finished> {
  const hooks = ['--conditions=@tollgate/source', '--import', join(root, 'tools/swc-hooks.mjs')];
  const child = spawn(process.execPath, [...hooks, join(root, 'apps/cli/src/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<unknown[]>,
  ]);
  return { code, out, err };
}
