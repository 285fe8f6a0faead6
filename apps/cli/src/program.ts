import { Command, CommanderError } from 'commander';
import { agentCommands } from './agent/agent-commands.js';
import { auditCommands } from './audit/audit-commands.js';
import { billingCommands } from './billing/billing-commands.js';
import type { CommandSurroundings } from './command-context.js';
import { demoCommands } from './demo/demo-commands.js';
import { doctorCommand } from './doctor/doctor-command.js';
import { EXIT, EarlyExit, toFailure } from './failure.js';
import { keyCommands } from './key/key-commands.js';
import { migrateCommand } from './migrate/migrate-command.js';
import { resolveCommand } from './resolve/resolve-command.js';
import { tenantCommands } from './tenant/tenant-commands.js';
import { usageCommand } from './usage/usage-command.js';

const HELP = `
It needs DATABASE_URL, or DATABASE_URL_FILE.

Exit codes: 0 done, 1 failed, 2 wrong usage, 78 wrong configuration; doctor has its own.

Examples:
  npm run tollgate -- migrate
  npm run tollgate -- tenant create acme --budget-cents 250000
  npm run tollgate -- key create acme --name ci
  npm run tollgate -- usage acme
  npm run tollgate -- billing close-month 2026-11 --actor ada
  npm run tollgate -- resolve --tenant acme --task planning
  npm run tollgate -- audit verify
  npm run tollgate -- doctor
  npm -s run tollgate -- tenant list --json     (-s: without the lines that npm adds)`;

function createProgram(surroundings: CommandSurroundings): Command {
  const { out, err } = surroundings.streams;
  const program = new Command('tollgate')
    .description('Operates a Tollgate: tenants, keys, usage, model policy and the database schema.')
    .option('--json', 'print JSON instead of tables')
    .addHelpText('after', HELP)
    .addCommand(migrateCommand(surroundings))
    .addCommand(tenantCommands(surroundings))
    .addCommand(agentCommands(surroundings))
    .addCommand(keyCommands(surroundings))
    .addCommand(usageCommand(surroundings))
    .addCommand(billingCommands(surroundings))
    .addCommand(resolveCommand(surroundings))
    .addCommand(auditCommands(surroundings))
    .addCommand(doctorCommand(surroundings))
    .addCommand(demoCommands(surroundings));
  // Commands that were made on their own inherit nothing.
  const prepare = (command: Command): void => {
    command
      .exitOverride()
      .showHelpAfterError('Add --help to see how it is used.')
      .configureOutput({ writeOut: (text) => out.write(text), writeErr: (text) => err.write(text) });
    if (command.commands.length === 0 && command !== program)
      command.option('--json', 'print JSON instead of tables');
    command.commands.forEach(prepare);
  };
  prepare(program);
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
