import { Command } from 'commander';
import type { NamedModels } from '@tollgate/config';
import { TenantAdmin, type StoredTenant, type TenantDraft } from '@tollgate/tenant-config';
import { withDatabase, type CommandSurroundings } from '../command-context.js';
import {
  CENTS,
  LIMIT_HEADINGS,
  formatMoney,
  formatTime,
  limitCells,
  limitOptions,
  toLimits,
  toNanoUsd,
  type LimitOptions,
} from '../limit-options.js';
import { namedModelsOption } from './named-models-option.js';
import { numberOption } from '../number-option.js';
import type { Table } from '../output.js';
import { addPageOptions, hintAtNextPage, type PageOptions } from '../page-options.js';

const EXAMPLES = `
Examples:
  npm run tollgate -- tenant create acme --budget-cents 250000 --rate-limit 600
  npm run tollgate -- tenant create globex --model gpt-4o --allowed-models 'gpt-4o*' --task-models planning:gpt-4o-mini
  npm run tollgate -- tenant show acme
  npm -s run tollgate -- tenant list --limit 20 --json`;

const DEFAULT = 'default';

interface TenantOptions extends LimitOptions {
  readonly model?: string;
  readonly fallbackModel?: string;
  readonly allowedModels?: string[];
  readonly allowExpensive?: boolean;
  readonly modelAliases?: NamedModels;
  readonly taskModels?: NamedModels;
  readonly maxCostPerRequestCents?: number;
  readonly runBudgetCents?: number;
}

function toDraft(id: string, options: TenantOptions): TenantDraft {
  return {
    id,
    defaultModel: options.model,
    fallbackModel: options.fallbackModel,
    allowedModels: options.allowedModels,
    allowExpensive: options.allowExpensive,
    modelAliases: options.modelAliases && Object.fromEntries(options.modelAliases),
    taskModels: options.taskModels && Object.fromEntries(options.taskModels),
    maxCostPerRequestNanoUsd: toNanoUsd(options.maxCostPerRequestCents),
    runBudgetNanoUsd: toNanoUsd(options.runBudgetCents),
    limits: toLimits(options),
  };
}

function toDetails(tenant: StoredTenant): Table {
  const [budget, requests, tokens, concurrency] = limitCells(tenant.limits, DEFAULT);
  const rows: [string, string | undefined][] = [
    ['id', tenant.id],
    ['status', tenant.suspendedAtMs === undefined ? 'active' : 'suspended'],
    ['budget per month', budget],
    ['requests per minute', requests],
    ['tokens per minute', tokens],
    ['calls at the same time', concurrency],
    ['most per request', formatMoney(tenant.maxCostPerRequestNanoUsd)],
    ['most per run', formatMoney(tenant.runBudgetNanoUsd)],
    ['model', tenant.defaultModel ?? DEFAULT],
    ['fallback model', tenant.fallbackModel ?? DEFAULT],
    ['allowed models', tenant.allowedModels?.join(', ') ?? 'all'],
    ['expensive models', tenant.allowExpensive ? 'allowed' : 'not allowed'],
    ['aliases', formatNames(tenant.modelAliases)],
    ['models by task type', formatNames(tenant.taskModels)],
    ['created', formatTime(tenant.createdAtMs)],
  ];
  return { headings: ['SETTING', 'VALUE'], rows: rows.map(([name, value]) => [name, value ?? '-']) };
}

function formatNames(models: NamedModels | undefined): string | undefined {
  return models && [...models].map(([name, model]) => `${name}:${model}`).join(', ');
}

function createTenant(surroundings: CommandSurroundings): Command {
  const command = new Command('create').description('create a tenant').argument('<id>', 'a-z, 0-9 and -');
  for (const option of limitOptions()) command.addOption(option);
  return command
    .option('--model <model>', 'default model: what auto stands for')
    .option('--fallback-model <model>', 'fallback model, or none')
    .addOption(
      namedModelsOption(
        '--model-aliases <pairs>',
        "names of the tenant's own: fast:gpt-4o-mini,smart:gpt-4o",
      ),
    )
    .addOption(
      namedModelsOption('--task-models <pairs>', 'what auto stands for by task type: planning:gpt-4o-mini'),
    )
    .option('--allow-expensive', 'let the tenant use expensive models')
    .option(
      '--allowed-models <models>',
      'models the tenant may use, comma-separated, * for any characters (default: all)',
      (list) => list.split(',').map((model) => model.trim()),
    )
    .addOption(numberOption('--max-cost-per-request-cents <n>', 'the most one request may cost', CENTS))
    .addOption(numberOption('--run-budget-cents <n>', 'the most one run may cost in total', CENTS))
    .addHelpText('after', EXAMPLES)
    .action((id: string, options: TenantOptions) =>
      withDatabase(command, surroundings, async ({ pool, output, settings }) => {
        const tenant = await new TenantAdmin(pool).createTenant(toDraft(id, options));
        output.result(tenant, toDetails(tenant));
        if (settings.tenantSource !== 'database')
          output.hint(
            'Note: gateways read tenants from the database only with TENANT_LLM_CONFIG_SOURCE=database.',
          );
      }),
    );
}

function showTenant(surroundings: CommandSurroundings): Command {
  const command = new Command('show').description('show a tenant and its agents').argument('<id>');
  return command.action((id: string) =>
    withDatabase(command, surroundings, async ({ pool, output }) => {
      const admin = new TenantAdmin(pool);
      const tenant = await admin.getTenant(id);
      const agents = await admin.listAgents(id, { limit: 1000 });
      const { headings, rows } = toDetails(tenant);
      const agentRows = agents.items.map((agent) => [
        `agent ${agent.id}`,
        agent.limits.budgetNanoUsd === undefined
          ? 'no budget of its own'
          : `${formatMoney(agent.limits.budgetNanoUsd)} per month`,
      ]);
      output.result({ ...tenant, agents: agents.items }, { headings, rows: [...rows, ...agentRows] });
    }),
  );
}

function listTenants(surroundings: CommandSurroundings): Command {
  const command = addPageOptions(new Command('list').description('list tenants by id'));
  return command.action(({ limit, after }: PageOptions) =>
    withDatabase(command, surroundings, async ({ pool, output }) => {
      const page = await new TenantAdmin(pool).listTenants({ limit, after });
      const rows = page.items.map((tenant) => [
        tenant.id,
        tenant.suspendedAtMs === undefined ? 'active' : 'suspended',
        ...limitCells(tenant.limits, DEFAULT),
        tenant.defaultModel ?? DEFAULT,
      ]);
      output.result(page, { headings: ['TENANT', 'STATUS', ...LIMIT_HEADINGS, 'MODEL'], rows });
      hintAtNextPage(page, output);
    }),
  );
}

/** `tenant create`, `tenant show` and `tenant list`. */
export function tenantCommands(surroundings: CommandSurroundings): Command {
  return new Command('tenant')
    .description('tenants and their limits')
    .addHelpText('after', EXAMPLES)
    .addCommand(createTenant(surroundings))
    .addCommand(showTenant(surroundings))
    .addCommand(listTenants(surroundings));
}
