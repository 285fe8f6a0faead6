import { Command } from 'commander';
import { dryRun } from '../dry-run/dry-run.js';
import { createParts, type Parts } from '../parts.js';
import {
  withArchive,
  type CommandContext,
  type CommandResult,
  type CommandSurroundings,
} from './command-context.js';
import { numberOption } from './number-option.js';
import { operationsNanoUsd, storageNanoUsd, toUsd } from './r2-cost.js';

const MAX_DAYS = 36_500;
const MAX_BATCH = 10_000;

interface RunOptions {
  readonly olderThan?: number;
  readonly batchSize?: number;
  readonly dryRun?: boolean;
}

function partsOf({ settings, pool, archive, progress }: CommandContext, options: RunOptions): Parts {
  const env = {
    ...settings.env,
    CHECKPOINT_OFFLOAD_OLDER_THAN_DAYS: options.olderThan ?? settings.env.CHECKPOINT_OFFLOAD_OLDER_THAN_DAYS,
    CHECKPOINT_OFFLOAD_BATCH_SIZE: options.batchSize ?? settings.env.CHECKPOINT_OFFLOAD_BATCH_SIZE,
  };
  return createParts({ pool, archive, env, onRound: ({ claimed }) => progress.update(claimed) });
}

async function archiveAll(context: CommandContext, options: RunOptions): Promise<CommandResult> {
  const { progress, signal, cost } = context;
  const { queue, round, ages } = partsOf(context, options);
  progress.start((await queue.readState(ages.olderThanSeconds, ages.retentionSeconds)).due, 'checkpoints');
  const report = await round.run(signal);
  return { result: { ...report, costUsd: cost.costUsd }, isBad: report.failed > 0 };
}

async function wouldArchive(context: CommandContext, options: RunOptions): Promise<CommandResult> {
  const { progress, signal } = context;
  const { queue, packs, ages, batchSize, evictions } = partsOf(context, options);
  progress.start((await queue.readState(ages.olderThanSeconds, ages.retentionSeconds)).due, 'checkpoints');
  const onProgress = ({ archived }: { archived: number }): void => progress.update(archived);
  const report = await dryRun({ queue, packs, ages, batchSize, onProgress }, signal);
  // Each pack is written, read back, and looked at once more before its checkpoints are evicted.
  const eachNanoUsd =
    operationsNanoUsd('put', 1) + operationsNanoUsd('get', 1) + operationsNanoUsd('head', 1);
  const result = {
    wouldArchive: report.archived,
    wouldFail: report.failed,
    wouldPack: report.packs,
    wouldPackBytes: report.packBytes,
    wouldEvict: report.evictable + (await evictions.count(ages.retentionSeconds)),
    wouldCostUsd: toUsd(report.packs * eachNanoUsd + storageNanoUsd(report.packBytes)),
  };
  return { result, isBad: report.failed > 0 };
}

/** `run`. */
export function runCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('run')
    .description('archive every checkpoint that is due, once, and prove each copy; nothing is evicted')
    .addOption(
      numberOption(
        '--older-than <days>',
        'due are those whose last change is older (default: as configured)',
        {
          min: 0,
          max: MAX_DAYS,
        },
      ),
    )
    .addOption(
      numberOption('--batch-size <n>', 'rows that one statement reads (default: as configured)', {
        min: 1,
        max: MAX_BATCH,
      }),
    )
    .option('--dry-run', 'build the packs, write nothing at all, and say what would have been');
  return command.action((options: RunOptions) =>
    options.dryRun
      ? withArchive(command, surroundings, 'reads', (context) => wouldArchive(context, options))
      : withArchive(command, surroundings, 'writes', (context) => archiveAll(context, options)),
  );
}
