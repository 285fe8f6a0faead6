import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const ROOT = join(import.meta.dirname, '../../../..');
const START_TIMEOUT_MS = 20_000;

/** Variables that a process is started with, and nothing else but a PATH. */
export type ProcessEnvironment = Readonly<Record<string, string>>;

function spawnMain(env: ProcessEnvironment): ChildProcess {
  const hooks = ['--conditions=@tollgate/source', '--import', join(ROOT, 'tools/swc-hooks.mjs')];
  return spawn(process.execPath, [...hooks, join(ROOT, 'apps/admin-api/src/main.ts')], {
    env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs an admin API that is expected to refuse its start. */
export async function runToExit(env: ProcessEnvironment): Promise<{ code: unknown; err: string }> {
  const child = spawnMain(env);
  if (!child.stderr) throw new Error('the process has no output');
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<unknown[]>]);
  return { code, err };
}

/** An admin API in a process of its own. */
export class AdminProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Resolves when it listens, rejects with its output when it does not. */
  static async start(env: ProcessEnvironment): Promise<AdminProcess> {
    const child = spawnMain({ ADMIN_PORT: '0', HOST: '127.0.0.1', ...env });
    const lines: string[] = [];
    const url = new Promise<string>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`${why}:\n${lines.join('\n')}`));
      const timer = setTimeout(() => fail('no start in time'), START_TIMEOUT_MS);
      child.once('exit', (code) => fail(`exit ${code}`));
      for (const stream of [child.stdout, child.stderr])
        if (stream)
          createInterface(stream).on('line', (line) => {
            lines.push(line);
            const listening = /"url":"(http[^"]+)".*admin API is listening/.exec(line)?.[1];
            if (!listening) return;
            clearTimeout(timer);
            resolve(listening);
          });
    });
    return new AdminProcess(child, await url.finally(() => child.removeAllListeners('exit')));
  }

  /** Ends it; answers its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
    return this.child.exitCode;
  }
}
