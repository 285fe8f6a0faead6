import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cleanup, Running } from './cleanup.js';
import { pidsOfTree } from './process-tree.js';

const STOP_TIMEOUT_MS = 15_000;
const POLL_MS = 50;
const KEPT_LINES = 20;

/** How to start a process. */
export interface Launch {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment but PATH and HOME: nothing of the caller's own settings leaks into what is measured. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** With a message channel to a Node process. */
  readonly hasChannel?: boolean;
}

/** A process that belongs to the bench. */
export class Child implements Running {
  readonly #lastLines: string[] = [];
  readonly #exited: Promise<unknown>;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    cleanup: Cleanup,
  ) {
    // The streams' 'close': only then have the last log lines been read.
    this.#exited = once(child, 'close').catch(() => undefined);
    void this.#exited.then(() => cleanup.forget(this));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.#remember(line));
    }
    cleanup.add(this);
  }

  /** Starts a process, in a group of its own: Ctrl-C in a terminal is for the bench, which then stops all in order. */
  static start(launch: Launch, cleanup: Cleanup): Child {
    const { PATH = '', HOME = '/' } = process.env;
    const child = spawn(launch.command, launch.args, {
      cwd: launch.cwd,
      env: { PATH, HOME, NODE_ENV: 'production', ...launch.env },
      stdio: ['ignore', 'pipe', 'pipe', ...(launch.hasChannel === true ? (['ipc'] as const) : [])],
      serialization: 'advanced',
      detached: true,
    });
    return new Child(launch.name, child, cleanup);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} could not be started`);
    return this.child.pid;
  }

  /** Resolves once `isReady` says so; rejects with the last log lines when the process ends or takes too long. */
  async untilReady(isReady: () => Promise<boolean>, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await isReady())) {
      if (this.#hasExited) {
        await this.#exited;
        throw this.#failure('stopped while starting');
      }
      if (Date.now() > deadline) throw this.#failure(`was not ready within ${timeoutMs} ms`);
      await delay(POLL_MS);
    }
  }

  /** Sends a message over the channel; to a process that has ended it does nothing, which `receive` reports. */
  send(message: object): void {
    this.child.send(message, () => undefined);
  }

  /** The next message from the channel, whose type the caller knows: both ends run the same source. */
  async receive<T>(timeoutMs: number): Promise<T> {
    const done = new AbortController();
    const { signal } = done;
    const message = once(this.child, 'message', { signal }).then(([first]) => first as T);
    const exit = this.#exited.then(() => Promise.reject(this.#failure('stopped')));
    const tooLate = delay(timeoutMs, undefined, { signal }).then(() =>
      Promise.reject(this.#failure(`said nothing within ${timeoutMs} ms`)),
    );
    try {
      return await Promise.race([message, exit, tooLate]);
    } finally {
      exit.catch(() => undefined); // stays pending until the process ends
      done.abort();
    }
  }

  async stop(): Promise<void> {
    if (this.#hasExited) return;
    const pids = pidsOfTree(this.pid);
    this.child.kill('SIGTERM');
    const timeout = new AbortController();
    const tooLate = delay(STOP_TIMEOUT_MS, true, { signal: timeout.signal }).catch(() => false);
    await Promise.race([this.#exited, tooLate]);
    timeout.abort();
    if (await tooLate) for (const pid of pids) killPid(pid);
    await this.#exited;
  }

  kill(): void {
    if (this.#hasExited || this.child.pid === undefined) return;
    for (const pid of pidsOfTree(this.child.pid)) killPid(pid);
  }

  get #hasExited(): boolean {
    return this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  #failure(what: string): Error {
    const lines = this.#lastLines.length === 0 ? '' : `: ${this.#lastLines.join(' | ')}`;
    return new Error(`${this.name} ${what}${lines}`);
  }

  #remember(line: string): void {
    if (line.trim() === '') return;
    this.#lastLines.push(line.trim());
    if (this.#lastLines.length > KEPT_LINES) this.#lastLines.shift();
  }
}

function killPid(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone already
  }
}
