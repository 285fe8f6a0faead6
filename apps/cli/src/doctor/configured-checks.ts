import type { SettingsInspection } from '@tollgate/config';
import type { Clock } from '@tollgate/domain';
import { processPolicy } from '../resolve/process-policy.js';
import { ArchiveCheck, hasArchive } from './archive/archive-check.js';
import type { Check } from './check.js';
import { ConfigurationCheck } from './configuration-check.js';
import { configuredLists } from './model-providers/configured-lists.js';
import { ModelProviderCheck } from './model-providers/model-provider-check.js';
import { PostgresCheck } from './postgres/postgres-check.js';
import { RedisCheck } from './redis/redis-check.js';
import { collectNamedModels } from './tenants/tenant-models.js';
import type { TenantLoader } from './tenants/tenant-loader.js';
import { TenantsCheck } from './tenants/tenants-check.js';
import { VaultCheck } from './vault/vault-check.js';

/** What the checks of a process share. */
export interface CheckSurroundings {
  readonly inspection: SettingsInspection;
  readonly loader: TenantLoader;
  readonly clock: Clock;
}

/** The checks that make sense for a configuration, in the order of the report. */
export function configuredChecks({ inspection, loader, clock }: CheckSurroundings): Check[] {
  const { settings } = inspection;
  const { env, budgetStore } = settings;
  const source = env.TENANT_LLM_CONFIG_SOURCE;
  const checks: Check[] = [new ConfigurationCheck(inspection)];
  if (env.DATABASE_URL)
    checks.push(
      new PostgresCheck({
        url: env.DATABASE_URL,
        migratesOnStart: env.MIGRATE_ON_START,
        holdsTenants: source === 'database',
        clock,
      }),
    );
  if (budgetStore === 'redis' && env.REDIS_URL) checks.push(new RedisCheck({ url: env.REDIS_URL, clock }));
  if (hasArchive(env)) checks.push(new ArchiveCheck({ env, clock }));
  if (source === 'vault' && env.VAULT_ADDR) checks.push(new VaultCheck({ env, clock }));
  const policy = processPolicy(settings);
  const load = (): ReturnType<TenantLoader['load']> => loader.load();
  if (loader.canLoad) checks.push(new TenantsCheck({ settings, load, policy }));
  const named = async (): Promise<ReturnType<typeof collectNamedModels>> =>
    collectNamedModels((await load()).tenants, (name) => policy.find(name));
  return [...checks, ...configuredLists(settings).map((list) => new ModelProviderCheck(list, named))];
}
