import { Command } from 'commander';
import { RESERVED_MODEL_NAMES, type Settings } from '@tollgate/config';
import {
  TenantAdminError,
  chooseModel,
  createTenantSource,
  findPolicyFindings,
  type Tenant,
} from '@tollgate/tenant-config';
import { createCommandPool, outputOf, type CommandSurroundings } from '../command-context.js';
import type { Output } from '../output.js';
import { processPolicy } from './process-policy.js';

const EXAMPLES = `
It reads the environment as a gateway does, and the tenant from where TENANT_LLM_CONFIG_SOURCE says.

Examples:
  npm run tollgate -- resolve --tenant acme --task planning
  npm -s run tollgate -- resolve --tenant acme --model fast --json`;

interface ResolveOptions {
  readonly tenant: string;
  readonly model: string;
  readonly task?: string;
}

async function loadTenant(settings: Settings, id: string, output: Output): Promise<Tenant> {
  const pool = createCommandPool(settings.env.DATABASE_URL ?? '');
  const source = createTenantSource(settings, pool, (finding) => {
    if (finding instanceof Error) output.hint(`Note: ${finding.message}.`);
  });
  try {
    const { tenants } = await source.load();
    const tenant = tenants.find((each) => each.id === id);
    if (tenant) return tenant;
    throw new TenantAdminError('tenant_not_found', 'There is no tenant with this id.');
  } finally {
    await source.close();
    await pool.end();
  }
}

/** `resolve`: what the gateway would do, and why. */
export function resolveCommand(surroundings: CommandSurroundings): Command {
  const command = new Command('resolve')
    .description('the model that a request of a tenant gets, and why')
    .requiredOption('--tenant <id>', 'whose request')
    .option('--model <model>', 'what the request names: a model, an alias or auto', RESERVED_MODEL_NAMES.auto)
    .option('--task <type>', 'its x-task-type');
  return command.addHelpText('after', EXAMPLES).action(async (options: ResolveOptions) => {
    const settings = surroundings.loadGatewaySettings();
    const output = outputOf(command, surroundings);
    const tenant = await loadTenant(settings, options.tenant, output);
    const policy = processPolicy(settings);
    for (const { setting, problem } of findPolicyFindings(tenant, policy))
      output.hint(`Note: in ${setting}, ${problem}.`);
    const ask = { model: options.model, taskType: options.task ?? null };
    const { model, fallback, steps } = chooseModel(ask, tenant, policy);
    const result = {
      tenantId: tenant.id,
      modelAsked: ask.model,
      taskType: ask.taskType,
      model: model.id,
      modelProvider: model.modelProvider,
      fallbackModel: fallback?.id,
      why: steps,
    };
    const rows = [
      ['model', model.id],
      ['model provider', model.modelProvider],
      ['fallback model', fallback?.id ?? '-'],
      ...steps.map((step, i) => [`why, ${i + 1}`, step]),
    ];
    output.result(result, { headings: ['WHAT', 'VALUE'], rows });
  });
}
