import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { seedCheckpoints } from '@tollgate/stores';
import { withDatabase, type CommandSurroundings } from '../command-context.js';
import { numberOption } from '../number-option.js';

const MAX_COUNT = 10_000_000;
const MAX_DAYS = 3650;

const EXAMPLES = `
Examples:
  npm run tollgate -- demo seed-checkpoints --count 10000 --age-days 10
  npm run offloader -- run`;

interface SeedOptions {
  readonly count: number;
  readonly ageDays: number;
  readonly tenant: string;
}

// A run id is never used twice: what was archived under it would be in its way.
const prefixNow = (): string => `demo-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}-`;

function seedCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('seed-checkpoints')
    .description(
      'write finished checkpoints as though their runs had ended days ago, to watch them being archived',
    )
    .addOption(numberOption('--count <n>', 'how many', { min: 1, max: MAX_COUNT }).default(1000))
    .addOption(
      numberOption('--age-days <n>', 'how long ago they ended', { min: 0, max: MAX_DAYS }).default(10),
    )
    .option('--tenant <id>', 'whose they are', 'demo');
  return command.addHelpText('after', EXAMPLES).action(({ count, ageDays, tenant }: SeedOptions) =>
    withDatabase(command, surroundings, async ({ pool, output }) => {
      const prefix = prefixNow();
      const bar = new SingleBar({
        format: 'seed {bar} {value}/{total} checkpoints | {eta_formatted} left',
        barsize: 30,
      });
      if (surroundings.streams.err.isTTY === true) bar.start(count, 0);
      const onProgress = (written: number): void => bar.update(written);
      await seedCheckpoints(pool, { tenantId: tenant, count, ageDays, prefix, onProgress }).finally(() =>
        bar.stop(),
      );
      const result = {
        tenantId: tenant,
        count,
        firstRunId: `${prefix}0`,
        lastRunId: `${prefix}${count - 1}`,
      };
      output.result(result, {
        headings: ['TENANT', 'CHECKPOINTS', 'FIRST RUN', 'LAST RUN'],
        rows: [[tenant, String(count), result.firstRunId, result.lastRunId]],
      });
    }),
  );
}

/** `demo seed-checkpoints`. */
export function demoCommands(surroundings: CommandSurroundings): Command {
  return new Command('demo')
    .description('data for trying out')
    .addHelpText('after', EXAMPLES)
    .addCommand(seedCommand(surroundings));
}
