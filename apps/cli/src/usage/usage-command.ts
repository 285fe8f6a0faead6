import { Command, Option } from 'commander';
import type { Pool } from 'pg';
import { monthOf } from '@tollgate/domain';
import { PostgresLedger, type UsageLine } from '@tollgate/stores';
import { TenantAdmin, TenantAdminError, type StoredTenant } from '@tollgate/tenant-config';
import { withDatabase, type CommandSurroundings } from '../command-context.js';
import { formatMoney } from '../limit-options.js';
import { parseMonth } from '../parse-month.js';
import type { Output } from '../output.js';

const EXAMPLES = `
Examples:
  npm run tollgate -- usage acme
  npm -s run tollgate -- usage acme --month 2026-11 --json`;

interface Usage {
  readonly tenantId: string;
  readonly month: string;
  /** The tenant's own budget; undefined when it follows the default or is not in the database. */
  readonly budgetNanoUsd: number | undefined;
  readonly spentNanoUsd: number;
  readonly lines: readonly UsageLine[];
}

// Tenants from the environment have usage too, without a row in the database.
async function findTenant(pool: Pool, id: string): Promise<StoredTenant | undefined> {
  try {
    return await new TenantAdmin(pool).getTenant(id);
  } catch (error) {
    if (error instanceof TenantAdminError && error.code === 'tenant_not_found') return undefined;
    throw error;
  }
}

async function readUsage(
  pool: Pool,
  tenant: StoredTenant | undefined,
  tenantId: string,
  month: string,
): Promise<Usage> {
  const ledger = new PostgresLedger(pool);
  const lines = await ledger.readUsage(tenantId, month);
  const [total] = await ledger.readTotals(tenantId, [{ scope: 't', window: month }]);
  return {
    tenantId,
    month,
    budgetNanoUsd: tenant?.limits.budgetNanoUsd,
    spentNanoUsd: total?.totalNanoUsd ?? 0,
    lines,
  };
}

function sum(lines: readonly UsageLine[], field: 'calls' | 'inputTokens' | 'outputTokens'): string {
  return lines.reduce((total, line) => total + line[field], 0).toString();
}

function print(usage: Usage, tenant: StoredTenant | undefined, output: Output): void {
  const { lines, spentNanoUsd, budgetNanoUsd } = usage;
  const rows = lines.map((line) => [
    line.agentId ?? '-',
    line.model,
    line.calls.toString(),
    line.inputTokens.toString(),
    line.outputTokens.toString(),
    formatMoney(line.costNanoUsd),
  ]);
  const total = [
    'TOTAL',
    '',
    sum(lines, 'calls'),
    sum(lines, 'inputTokens'),
    sum(lines, 'outputTokens'),
    formatMoney(spentNanoUsd),
  ];
  const none = tenant ? 'default' : 'unknown';
  const budget = ['BUDGET', '', '', '', '', formatMoney(budgetNanoUsd, none)];
  const headings = ['AGENT', 'MODEL', 'CALLS', 'INPUT TOKENS', 'OUTPUT TOKENS', 'COST'];
  output.result(usage, { headings, rows: [...rows, total, budget] });
  if (!tenant) output.hint('Note: this tenant is not in the database, so its budget is not known here.');
}

/** `usage`. */
export function usageCommand(surroundings: CommandSurroundings): Command {
  const month = new Option(
    '--month <month>',
    'calendar month (UTC) such as 2026-11 (default: this one)',
  ).argParser(parseMonth);
  const command = new Command('usage')
    .description("a tenant's month from the ledger, by agent and model")
    .argument('<tenant>')
    .addOption(month);
  return command.addHelpText('after', EXAMPLES).action((tenantId: string, options: { month?: string }) =>
    withDatabase(command, surroundings, async ({ pool, output }) => {
      const tenant = await findTenant(pool, tenantId);
      const usage = await readUsage(pool, tenant, tenantId, options.month ?? monthOf(Date.now()));
      print(usage, tenant, output);
    }),
  );
}
