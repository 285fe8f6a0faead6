import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';

/**
 * Reads one process id per line (an empty line: nothing runs now). At the end of its input, which is also what it
 * sees when its owner dies in whatever way, it stops that process and removes the folder.
 */
const script = `
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then
  kill -CONT "$pid"; kill -"$1" "$pid"
  tries=0
  while kill -0 "$pid" && [ $tries -lt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
  kill -KILL "$pid"
fi
rm -rf "$2"
`;

/**
 * A small shell process that outlives its owner just long enough to clean up after it. Exit handlers would not do:
 * they do not run on SIGKILL, nor inside a Jest test environment.
 */
export class Guard {
  private constructor(private readonly shell: ChildProcess) {}

  /** @param stopSignal signal name without `SIG` that stops the guarded process and its children */
  static start(stopSignal: string, folder: string): Guard {
    const shell = spawn('/bin/sh', ['-c', script, 'tollgate-guard', stopSignal, folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
      detached: true,
    });
    shell.unref();
    if (shell.stdin instanceof Socket) shell.stdin.unref();
    // A guard that somebody killed must not take its owner down with EPIPE.
    shell.stdin.on('error', () => undefined);
    return new Guard(shell);
  }

  /** Names the process to stop when the owner dies; undefined when none runs. */
  watch(pid: number | undefined): void {
    this.shell.stdin?.write(`${pid ?? ''}\n`);
  }

  /** Cleans up now and resolves when the folder is gone. */
  async release(): Promise<void> {
    if (this.shell.exitCode !== null || this.shell.signalCode !== null) return;
    this.shell.ref();
    const exited = once(this.shell, 'exit');
    this.shell.stdin?.end();
    await exited;
  }
}
