import { Argument, Command } from 'commander';
import { systemClock } from '@tollgate/domain';
import { Invoices, RollupVerifier, UsageRoller, type Invoice } from '@tollgate/stores';
import { withDatabase, type CommandSurroundings } from '../command-context.js';
import { EXIT, EarlyExit } from '../failure.js';
import { formatMoney } from '../limit-options.js';
import { parseMonth } from '../parse-month.js';

const EXAMPLES = `
Examples:
  npm run tollgate -- billing rollup
  npm run tollgate -- billing verify 2026-11
  npm run tollgate -- billing close-month 2026-11 --actor ada`;

const month = (): Argument =>
  new Argument('<month>', 'calendar month (UTC) such as 2026-11').argParser(parseMonth);

function rollupCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('rollup').description('adds up what the ledger has that no rollup has counted');
  return command.action(() =>
    withDatabase(command, surroundings, async ({ pool, output }) => {
      const report = await new UsageRoller({ pool }).run();
      output.result(report, { headings: ['HOURS'], rows: [[report.hours.toString()]] });
      if (!report.isLeader) output.hint('Note: another run is under way, which does the rest.');
    }),
  );
}

function verifyCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('verify')
    .description(
      "compares a month's rollups and totals with the ledger, row by row; exit code 1 when they differ",
    )
    .addArgument(month());
  return command.action((ofMonth: string) =>
    withDatabase(command, surroundings, async ({ pool, output }) => {
      const report = await new RollupVerifier({ pool }).verify(ofMonth);
      const counts = [report.excess, report.lacking, report.wrongTotals];
      output.result(report, {
        headings: ['EXCESS LINES', 'LACKING LINES', 'WRONG TOTALS'],
        rows: [counts.map(String)],
      });
      if (counts.some((count) => count > 0)) throw new EarlyExit(EXIT.failed);
    }),
  );
}

function closeCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('close-month')
    .description("closes all tenants' invoices up to a month; again does no harm")
    .addArgument(month())
    .requiredOption('--actor <name>', 'who closes them');
  return command.action((ofMonth: string, { actor }: { actor: string }) =>
    withDatabase(command, surroundings, async ({ pool, output }) => {
      const closed: Invoice[] = [];
      const invoices = new Invoices({ pool, clock: systemClock });
      for await (const invoice of invoices.closeAll({ month: ofMonth, actor })) closed.push(invoice);
      const rows = closed.map(({ tenantId, month: its, totalNanoUsd }) => ({
        tenantId,
        month: its,
        totalNanoUsd,
      }));
      output.result(rows, {
        headings: ['TENANT', 'MONTH', 'TOTAL'],
        rows: rows.map((row) => [row.tenantId, row.month, formatMoney(row.totalNanoUsd)]),
      });
    }),
  );
}

/** `billing rollup`, `billing verify` and `billing close-month`. */
export function billingCommands(surroundings: CommandSurroundings): Command {
  return new Command('billing')
    .description('rollups of usage, and invoices')
    .addHelpText('after', EXAMPLES)
    .addCommand(rollupCommand(surroundings))
    .addCommand(verifyCommand(surroundings))
    .addCommand(closeCommand(surroundings));
}
