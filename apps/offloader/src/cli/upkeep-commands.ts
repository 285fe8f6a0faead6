import { Command, InvalidArgumentError } from 'commander';
import { Reindex, readPackTotals, type Subset } from '@tollgate/stores';
import { Fsck } from '../fsck/fsck.js';
import { collectGarbage } from '../gc/collect-garbage.js';
import { createParts } from '../parts.js';
import { reindexBucket } from '../reindex/reindex-bucket.js';
import { withArchive, type CommandSurroundings } from './command-context.js';

const MAX_PARTS = 10_000;

function parseSubset(text: string): Subset {
  const [, part, of] = (/^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? []).map(Number);
  if (part !== undefined && of !== undefined && part >= 1 && part <= of && of <= MAX_PARTS)
    return { part, of };
  throw new InvalidArgumentError(`It must be a part such as 1/30, of at most ${MAX_PARTS}.`);
}

/** `evict`. */
export function evictCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('evict').description(
    'let the database copies go that are past the retention and whose pack is there; an open alarm stops it',
  );
  return command.action(() =>
    withArchive(
      command,
      surroundings,
      'writes',
      async ({ settings, pool, archive, progress, cost, signal }) => {
        const onEvicted = (evicted: number): void => progress.update(evicted);
        const { eviction, evictions, alarms, ages } = createParts({
          pool,
          archive,
          env: settings.env,
          onEvicted,
        });
        progress.start(await evictions.count(ages.retentionSeconds), 'checkpoints');
        const report = await eviction.run(signal);
        const openAlarms = (await alarms.listOpen()).length;
        return { result: { ...report, openAlarms, costUsd: cost.costUsd }, isBad: openAlarms > 0 };
      },
    ),
  );
}

/** `scrub`. */
export function scrubCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('scrub')
    .description('read packs again and compare them with the index; damage raises an alarm')
    .option('--subset <part/parts>', 'only this part of them, 1/30 say', parseSubset);
  return command.action(({ subset }: { subset?: Subset }) =>
    withArchive(
      command,
      surroundings,
      'reads',
      async ({ settings, pool, archive, progress, cost, signal }) => {
        const onScrubbed = ({ packs }: { packs: number }): void => progress.update(packs);
        const { scrub } = createParts({ pool, archive, env: settings.env, onScrubbed });
        const { verified } = await readPackTotals(pool);
        progress.start(Math.ceil(verified / (subset?.of ?? 1)), 'packs');
        const report = await scrub.run(subset, signal);
        return { result: { ...report, costUsd: cost.costUsd }, isBad: report.damaged > 0 };
      },
    ),
  );
}

/** `fsck`. */
export function fsckCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('fsck').description(
    'check every promise: the tables, each document, each pack; changes nothing',
  );
  return command.action(() =>
    withArchive(
      command,
      surroundings,
      'reads',
      async ({ settings, pool, archive, progress, cost, signal }) => {
        const { scrubIndex: index } = createParts({ pool, archive, env: settings.env });
        progress.start((await readPackTotals(pool)).verified, 'packs');
        const onProgress = ({ packs }: { packs: number }): void => progress.update(packs);
        const report = await new Fsck({ pool, index, archive, onProgress }).run(signal);
        return { result: { ...report, costUsd: cost.costUsd }, isBad: report.breaches.length > 0 };
      },
    ),
  );
}

/** `reindex`. */
export function reindexCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('reindex').description(
    'take packs into the index that it does not know, as after a restore of an older database',
  );
  return command.action(() =>
    withArchive(command, surroundings, 'reads', async ({ pool, archive, progress, cost, signal }) => {
      progress.start(undefined, 'packs');
      const onProgress = ({ packs }: { packs: number }): void => progress.update(packs);
      const report = await reindexBucket(new Reindex(pool), archive, onProgress, signal);
      return { result: { ...report, costUsd: cost.costUsd }, isBad: report.refused.length > 0 };
    }),
  );
}

/** `compact`. */
export function compactCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('compact').description(
    'write what is alive of worn packs into new ones; gc deletes the old ones an hour later',
  );
  return command.action(() =>
    withArchive(command, surroundings, 'writes', async ({ settings, pool, archive, cost, signal }) => {
      const { compaction, alarms } = createParts({ pool, archive, env: settings.env });
      const report = await compaction.run(signal);
      const openAlarms = (await alarms.listOpen()).length;
      return { result: { ...report, openAlarms, costUsd: cost.costUsd }, isBad: openAlarms > 0 };
    }),
  );
}

/** `gc`. */
export function gcCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('gc').description(
    'delete packs that nothing points to, after a grace of an hour',
  );
  return command.action(() =>
    withArchive(command, surroundings, 'writes', async ({ settings, pool, archive, cost, signal }) => {
      const { garbage: index } = createParts({ pool, archive, env: settings.env });
      const report = await collectGarbage({ index, archive }, signal);
      return { result: { ...report, costUsd: cost.costUsd }, isBad: false };
    }),
  );
}
