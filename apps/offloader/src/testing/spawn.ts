import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const ROOT = join(import.meta.dirname, '../../../..');
const START_TIMEOUT_MS = 20_000;

/** Variables that a process is started with, and nothing else but a PATH. */
export type ProcessEnvironment = Readonly<Record<string, string>>;

function spawnSource(path: string, args: readonly string[], env: ProcessEnvironment): ChildProcess {
  const hooks = ['--conditions=@tollgate/source', '--import', join(ROOT, 'tools/swc-hooks.mjs')];
  return spawn(process.execPath, [...hooks, join(ROOT, 'apps/offloader/src', path), ...args], {
    env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** How a process ended. */
export interface Finished {
  readonly code: unknown;
  readonly out: string;
  readonly err: string;
}

async function finish(child: ChildProcess): Promise<Finished> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('the process has no output');
  const [out, err, [code]] = await Promise.all([
    text(stdout),
    text(stderr),
    once(child, 'exit') as Promise<unknown[]>,
  ]);
  return { code, out, err };
}

/** Runs a command of the offloader's command line. */
export function runCommand(env: ProcessEnvironment, ...args: readonly string[]): Promise<Finished> {
  return finish(spawnSource('cli/main.ts', args, env));
}

/** Runs a daemon that is expected to refuse its start. */
export function runDaemonToExit(env: ProcessEnvironment): Promise<Finished> {
  return finish(spawnSource('main.ts', [], env));
}

/** An offloader's daemon in a process of its own. */
export class OffloaderProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    /** Its log so far, a JSON object a line. */
    readonly log: readonly string[],
  ) {}

  /** Resolves when it listens, rejects with its output when it does not. */
  static async start(env: ProcessEnvironment): Promise<OffloaderProcess> {
    const child = spawnSource('main.ts', [], { OFFLOADER_PORT: '0', HOST: '127.0.0.1', ...env });
    const log: string[] = [];
    const url = new Promise<string>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`${why}:\n${log.join('\n')}`));
      const timer = setTimeout(() => fail('no start in time'), START_TIMEOUT_MS);
      child.once('exit', (code) => fail(`exit ${code}`));
      for (const stream of [child.stdout, child.stderr])
        if (stream)
          createInterface(stream).on('line', (line) => {
            log.push(line);
            const listening = /"url":"(http[^"]+)".*offloader is listening/.exec(line)?.[1];
            if (!listening) return;
            clearTimeout(timer);
            resolve(listening);
          });
    });
    return new OffloaderProcess(child, await url.finally(() => child.removeAllListeners('exit')), log);
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
