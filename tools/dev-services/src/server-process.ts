import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Guard } from './guard.js';
import type { PrivateServer } from './private-server.js';
import { childrenOf, isRunning, signal } from './process-tree.js';

const startTimeoutMs = 30_000;
const stopTimeoutMs = 15_000;

/** How to run one kind of server. */
export interface ServerLaunch {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly url: string;
  readonly port: number;
  /** Data and working folder; removed by `stop()`. */
  readonly folder: string;
  /** The log line after which the server answers. */
  readonly readyLine: RegExp;
  /** Shuts the server down in order without waiting for its clients. */
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/** A private server as a child process. */
export class ServerProcess implements PrivateServer {
  private readonly lastLines: string[] = [];
  private child: ChildProcess | undefined;
  private lastPid = 0;
  private isPaused = false;

  private constructor(
    private readonly launch: ServerLaunch,
    private readonly guard: Guard,
  ) {}

  /** Starts a server after `prepare`, and leaves nothing behind when either of them fails. */
  static async run(launch: ServerLaunch, prepare?: () => Promise<void>): Promise<ServerProcess> {
    const guard = Guard.start(launch.stopSignal.slice('SIG'.length), launch.folder);
    const server = new ServerProcess(launch, guard);
    try {
      await prepare?.();
      await server.start();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get url(): string {
    return this.launch.url;
  }

  get port(): number {
    return this.launch.port;
  }

  get pid(): number {
    return this.lastPid;
  }

  async stop(): Promise<void> {
    await this.shutDown();
    await this.guard.release();
  }

  async kill(): Promise<void> {
    const child = this.child;
    if (child?.pid === undefined) return;
    const family = [child.pid, ...childrenOf(child.pid)];
    const exited = once(child, 'exit');
    for (const pid of family) signal(pid, 'SIGKILL');
    await exited;
    // A Postgres that restarts while an old backend still holds its shared memory refuses to start.
    while (family.some(isRunning)) await delay(5);
  }

  pause(): void {
    if (this.child?.pid === undefined) return;
    signal(this.child.pid, 'SIGSTOP'); // first the parent, so that no new child escapes
    for (const pid of childrenOf(this.child.pid)) signal(pid, 'SIGSTOP');
    this.isPaused = true;
  }

  resume(): void {
    if (this.child?.pid === undefined || !this.isPaused) return;
    for (const pid of childrenOf(this.child.pid)) signal(pid, 'SIGCONT');
    signal(this.child.pid, 'SIGCONT');
    this.isPaused = false;
  }

  async restart(): Promise<void> {
    await this.shutDown();
    await this.start();
  }

  /** Starts the process and resolves when it answers; rejects with its last log lines when it does not. */
  private async start(): Promise<void> {
    const { command, args, folder, user } = this.launch;
    // Its own process group: Ctrl-C in a terminal is for the owner, which then decides the order of the shutdown.
    const child = spawn(command, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...user,
    });
    const ready = this.untilReady(child);
    this.child = child;
    this.lastPid = child.pid ?? 0;
    this.guard.watch(child.pid);
    child.once('exit', () => this.forget(child));
    try {
      await ready;
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  private async shutDown(): Promise<void> {
    const child = this.child;
    if (child?.pid === undefined) return;
    this.resume();
    const timeout = new AbortController();
    const exited = once(child, 'exit').then(() => timeout.abort());
    signal(child.pid, this.launch.stopSignal);
    await delay(stopTimeoutMs, undefined, { signal: timeout.signal }).then(
      () => this.kill(),
      () => undefined, // it exited in time
    );
    await exited;
  }

  private forget(child: ChildProcess): void {
    if (this.child !== child) return;
    this.child = undefined;
    this.isPaused = false;
    this.guard.watch(undefined);
  }

  private async untilReady(child: ChildProcess): Promise<void> {
    const { name, readyLine } = this.launch;
    const timeout = new AbortController();
    this.lastLines.length = 0;
    const answers = new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        if (stream === null) continue;
        createInterface({ input: stream }).on('line', (line) => {
          this.remember(line);
          if (readyLine.test(line)) resolve();
        });
      }
      child.once('error', reject);
      // 'close' and not 'exit': only then has the last log line been read.
      child.once('close', () =>
        reject(new Error(`${name} stopped while starting:\n${this.lastLines.join('\n')}`)),
      );
    });
    const tooLate = delay(startTimeoutMs, undefined, { signal: timeout.signal }).then(() => {
      throw new Error(`${name} did not answer within ${startTimeoutMs} ms:\n${this.lastLines.join('\n')}`);
    });
    try {
      await Promise.race([answers, tooLate]);
    } finally {
      timeout.abort();
    }
  }

  private remember(line: string): void {
    this.lastLines.push(line);
    if (this.lastLines.length > 20) this.lastLines.shift();
  }
}
