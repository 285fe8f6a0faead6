import { Command } from 'commander';
import { migrate } from '@tollgate/database';
import { outputOf, type CommandSurroundings } from '../command-context.js';

/** `migrate`. */
export function migrateCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('migrate').description('bring the database schema up to date; safe to repeat');
  return command.action(async () => {
    const migrations = await migrate(surroundings.loadSettings().databaseUrl);
    const output = outputOf(command, surroundings);
    output.result({ migrations }, { headings: ['MIGRATION'], rows: migrations.map((name) => [name]) });
    output.hint(
      migrations.length > 0 ? 'The schema is up to date now.' : 'The schema was up to date already.',
    );
  });
}
