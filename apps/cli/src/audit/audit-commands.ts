import { Command } from 'commander';
import { verifyAudit } from '@tollgate/stores';
import { withDatabase, type CommandSurroundings } from '../command-context.js';
import { EXIT, EarlyExit } from '../failure.js';

const FAULTS = {
  missing: 'is missing',
  changed: 'was changed',
  unlinked: 'does not follow the entry before it',
} as const;

function verify(surroundings: CommandSurroundings): Command {
  const command = new Command('verify').description(
    'go through the whole audit; exits with 1 when an entry was changed, removed or moved',
  );
  return command.action(() =>
    withDatabase(command, surroundings, async ({ pool, output }) => {
      const verdict = await verifyAudit(pool);
      const { isIntact, entries, headHash, fault } = verdict;
      const rows = [
        ['intact', isIntact ? 'yes' : 'no'],
        ['good entries', entries.toString()],
        ['hash of the last', headHash || '-'],
      ];
      output.result(verdict, { headings: ['WHAT', 'VALUE'], rows });
      if (!fault) return;
      output.hint(`Entry ${fault.seq} ${FAULTS[fault.kind]}.`);
      throw new EarlyExit(EXIT.failed);
    }),
  );
}

/** `audit verify`. */
export function auditCommands(surroundings: CommandSurroundings): Command {
  return new Command('audit').description('who changed what').addCommand(verify(surroundings));
}
