import { Command } from 'commander';
import { RestoreIndex, countEntries, readArchiveId, readPackTotals } from '@tollgate/stores';
import { createParts } from '../parts.js';
import { restoreRun } from '../restore/restore.js';
import { withArchive, type CommandSurroundings } from './command-context.js';

const MAX_LISTED = 1000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `status`. */
export function statusCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('status').description(
    'how much waits, how much is archived, and what is wrong',
  );
  return command.action(() =>
    withArchive(command, surroundings, 'reads', async ({ settings, pool, archive }) => {
      const { queue, alarms, ages } = createParts({ pool, archive, env: settings.env });
      const openAlarms = (await alarms.listOpen()).length;
      const result = {
        archiveId: await readArchiveId(pool),
        queue: await queue.readState(ages.olderThanSeconds, ages.retentionSeconds),
        ...(await countEntries(pool)),
        packs: await readPackTotals(pool),
        openAlarms,
      };
      return { result, isBad: openAlarms > 0 };
    }),
  );
}

/** `restore`. */
export function restoreCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('restore')
    .description('bring an evicted checkpoint back into the database; the archive keeps its copy')
    .argument('<run-id>')
    .requiredOption('--tenant <id>', 'the tenant whose run it is');
  return command.action((runId: string, { tenant: tenantId }: { tenant: string }) =>
    withArchive(command, surroundings, 'reads', async ({ pool, archive }) => {
      const outcome = await restoreRun(new RestoreIndex(pool), archive, tenantId, runId);
      return { result: { tenantId, runId, outcome }, isBad: outcome === 'missing' || outcome === 'changed' };
    }),
  );
}

/** `verify`. */
export function verifyCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('verify')
    .description('read one pack again and compare it with the index; damage raises an alarm')
    .argument('<pack>', 'its id, or its key');
  return command.action((idOrKey: string) =>
    withArchive(command, surroundings, 'reads', async ({ settings, pool, archive }) => {
      const { scrub, scrubIndex } = createParts({ pool, archive, env: settings.env });
      const pack = await scrubIndex.findPack(idOrKey);
      if (!pack) return { result: { outcome: 'missing' }, isBad: true };
      const { id, key, tenantId, members, sizeBytes } = pack;
      const revived = await scrub.check(pack);
      const outcome = revived === undefined ? 'right' : 'damaged';
      return {
        result: { packId: id, key, tenantId, members, sizeBytes, outcome, revived: revived ?? 0 },
        isBad: revived !== undefined,
      };
    }),
  );
}

/** `alarms`. */
export function alarmsCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('alarms')
    .description('list the open alarms; while there is one, nothing is evicted anywhere')
    .option('--clear [id]', 'clear one, or all of them, after a look at what happened');
  return command.action(({ clear }: { clear?: string | true }) => {
    if (typeof clear === 'string' && !UUID.test(clear))
      command.error("error: option '--clear [id]' takes the id of an alarm, as `alarms` lists it");
    return withArchive(command, surroundings, 'none', async ({ settings, pool, archive }) => {
      const { alarms } = createParts({ pool, archive, env: settings.env });
      const cleared = clear === undefined ? 0 : await alarms.clear(clear === true ? undefined : clear);
      const open = await alarms.listOpen();
      return { result: { cleared, open }, isBad: open.length > 0 };
    });
  });
}

/** `quarantine`. */
export function quarantineCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('quarantine')
    .description('list the checkpoints that could not be archived; they stay in the database')
    .option('--retry', 'let all of them be tried again');
  return command.action(({ retry }: { retry?: boolean }) =>
    withArchive(command, surroundings, 'none', async ({ settings, pool, archive }) => {
      const { queue } = createParts({ pool, archive, env: settings.env });
      const retried = retry ? await queue.retryQuarantined() : 0;
      const runs = await queue.listQuarantined(MAX_LISTED);
      return { result: { retried, runs }, isBad: runs.length > 0 };
    }),
  );
}
