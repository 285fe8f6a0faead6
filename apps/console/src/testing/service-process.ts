import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '../../../..');
const START_TIMEOUT_MS = 40_000;

/** A service in a process of its own, run from source. */
export class ServiceProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Starts `apps/<app>` with exactly this environment and a PATH; rejects with its output when it does not listen. */
  static async start(app: string, env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    const hooks = ['--conditions=@tollgate/source', '--import', join(ROOT, 'tools/swc-hooks.mjs')];
    const child = spawn(process.execPath, [...hooks, join(ROOT, `apps/${app}/src/main.ts`)], {
      env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1', HOST: '127.0.0.1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const url = await listening(child).finally(() => child.removeAllListeners('exit'));
    return new ServiceProcess(child, url);
  }

  /** Lets it drain, and waits for its end. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}

function listening(child: ChildProcess): Promise<string> {
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${why}:\n${lines.join('\n')}`));
    const timer = setTimeout(() => fail('no start in time'), START_TIMEOUT_MS);
    child.once('exit', (code) => fail(`exit ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface(stream).on('line', (line) => {
        lines.push(line);
        const url = /"url":"(http[^"]+)".*is listening/.exec(line)?.[1];
        if (!url) return;
        clearTimeout(timer);
        resolve(url);
      });
    }
  });
}
