import type { Settings } from '@tollgate/config';
import { Probe, ServiceHealth } from '@tollgate/health';
import type { BudgetStore, LedgerWriter } from '@tollgate/stores';
import type { TenantDirectory } from '@tollgate/tenant-config';
import type { Pool } from 'pg';
import type { River } from './call/river.js';
import { VERSION } from './version.js';

const SECOND_MS = 1000;

/** What makes this gateway fit: its budgets and tenants must be there; without its ledger it goes on while there is room for events. */
export function createServiceHealth(
  { env, budgetStore }: Settings,
  pool: Pool,
  budgets: BudgetStore,
  river: River,
  writer: LedgerWriter,
  directory: TenantDirectory,
): ServiceHealth {
  const timeoutMs = env.HEALTH_CHECK_TIMEOUT_SECONDS * SECOND_MS;
  const probes = [new Probe('database', () => pool.query('SELECT 1'), timeoutMs)];
  if (budgetStore === 'redis') probes.push(new Probe('redis', () => budgets.ping(), timeoutMs));
  return new ServiceHealth({
    version: VERSION,
    probes,
    required: (name) => name === 'redis' && env.BUDGET_FAILURE_MODE === 'closed',
    refusalReason: () => {
      if (river.isDraining) return 'shutting down';
      if (!directory.isLoaded) return 'no tenant settings yet';
      return writer.hasRoom ? undefined : 'the event buffer is full';
    },
  });
}
