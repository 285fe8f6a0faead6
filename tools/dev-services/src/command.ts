import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';

/** Environment variables that a command gets on top of ours. */
export type ExtraEnvironment = Readonly<Record<string, string>>;

/**
 * Runs a command on our own standard streams and passes SIGINT and SIGTERM on to it.
 *
 * @returns its exit code; 128 plus the signal's number when a signal ended it, as in a shell
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  extra: ExtraEnvironment,
): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...extra } });
  const passOn = (name: NodeJS.Signals): void => void child.kill(name);
  process.on('SIGINT', passOn).on('SIGTERM', passOn);
  try {
    // `once` rejects on 'error': there is no such command.
    const [code, signal] = (await once(child, 'exit')) as [number, null] | [null, NodeJS.Signals];
    return signal === null ? code : 128 + constants.signals[signal];
  } finally {
    process.off('SIGINT', passOn).off('SIGTERM', passOn);
  }
}
