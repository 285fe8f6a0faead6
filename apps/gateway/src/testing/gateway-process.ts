import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '../../../..');
const START_TIMEOUT_MS = 20_000;

/** A gateway in a process of its own, run from source. */
export class GatewayProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    /** Its log so far, a JSON object a line. */
    readonly log: readonly string[],
  ) {}

  /** Starts with exactly this environment (and a PATH); resolves when it listens, rejects with its output when it does not. */
  static async start(env: Readonly<Record<string, string>>): Promise<GatewayProcess> {
    const child = spawnGateway({ PORT: '0', HOST: '127.0.0.1', ...env });
    const log: string[] = [];
    const url = new Promise<string>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no start in time:\n${log.join('\n')}`)),
        START_TIMEOUT_MS,
      );
      child.once('exit', (code) => reject(new Error(`exit ${code}:\n${log.join('\n')}`)));
      for (const stream of [child.stdout, child.stderr]) {
        if (stream) createInterface(stream).on('line', (line) => onLine(line));
      }
      function onLine(line: string): void {
        log.push(line);
        const listening = /"url":"(http[^"]+)".*gateway is listening/.exec(line)?.[1];
        if (!listening) return;
        clearTimeout(timer);
        resolve(listening);
      }
    });
    return new GatewayProcess(child, await url.finally(() => child.removeAllListeners('exit')), log);
  }

  /** Ends it at once, as a crash does. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Lets it drain; answers its exit code. */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** Stops its clock, so to say: it neither works nor dies. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
    return this.child.exitCode;
  }
}

function spawnGateway(env: Readonly<Record<string, string>>): ChildProcess {
  const args = [
    '--conditions=@tollgate/source',
    '--import',
    join(ROOT, 'tools/swc-hooks.mjs'),
    join(ROOT, 'apps/gateway/src/main.ts'),
  ];
  return spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a gateway that is expected to refuse its start; answers its exit code and all it printed. */
export async function runToExit(
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; output: string }> {
  const child = spawnGateway(env);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, output };
}
