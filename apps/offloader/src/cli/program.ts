import { Command, CommanderError } from 'commander';
import type { CommandSurroundings } from './command-context.js';
import { EXIT, EarlyExit, toFailure } from './exit.js';
import {
  alarmsCommand,
  quarantineCommand,
  restoreCommand,
  statusCommand,
  verifyCommand,
} from './look-commands.js';
import { runCommand } from './run-command.js';
import {
  compactCommand,
  evictCommand,
  fsckCommand,
  gcCommand,
  reindexCommand,
  scrubCommand,
} from './upkeep-commands.js';

const COMMANDS = [
  ...[runCommand, statusCommand, evictCommand, scrubCommand, fsckCommand, reindexCommand, compactCommand],
  ...[gcCommand, restoreCommand, verifyCommand, alarmsCommand, quarantineCommand],
];

const HELP = `
It needs DATABASE_URL (a member of tollgate_offloader) and the archive's R2_… or CHECKPOINT_ARCHIVE_FOLDER; beside
npm start, on its embedded Postgres, it finds both by itself. A daemon may run at the same time.

Exit codes: 0 done; 1 some items failed, fsck found a breach, or an alarm is open; 2 wrong usage; 78 wrong configuration.

Examples:
  npm run offloader -- run --dry-run
  npm run offloader -- run --older-than 1
  npm run offloader -- status
  npm run offloader -- restore run-17 --tenant acme
  npm -s run offloader -- scrub --subset 1/30 | jq .damaged     (-s: without the lines that npm adds)`;

function createProgram(surroundings: CommandSurroundings): Command {
  const { out, err } = surroundings.streams;
  const program = new Command('offloader')
    .description('Moves finished checkpoints to the archive, looks after them there, and brings them back.')
    .addHelpText('after', HELP);
  for (const create of COMMANDS) program.addCommand(create(surroundings));
  // Commands that were made on their own inherit nothing.
  for (const command of [program, ...program.commands])
    command
      .exitOverride()
      .showHelpAfterError('Add --help to see how it is used.')
      .configureOutput({ writeOut: (text) => out.write(text), writeErr: (text) => err.write(text) });
  for (const command of program.commands)
    command
      .option('--json', 'print one line of JSON, also on a terminal')
      .option('--json-progress', 'print a line of JSON a second to stderr in place of the bar');
  return program;
}

/** Runs one command and answers its exit code. */
export async function runCommandLine(
  args: readonly string[],
  surroundings: CommandSurroundings,
): Promise<number> {
  try {
    await createProgram(surroundings).parseAsync(args, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    // Commander has written its message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (error instanceof EarlyExit) return error.exitCode;
    const { exitCode, message } = toFailure(error);
    surroundings.streams.err.write(`${message}\n`);
    return exitCode;
  }
}
