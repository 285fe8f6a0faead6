import type { Pool } from 'pg';
import { effectiveBudget, type Limits } from '@tollgate/domain';
import type { ApiKey } from '../tenant.js';
import { TenantSource, type TenantRecords } from '../tenant-source.js';
import { completeTenant, type TenantDefaults } from '../tenant-settings.js';
import {
  AGENT_COLUMNS,
  KEY_COLUMNS,
  TENANT_COLUMNS,
  toAgent,
  toKey,
  toTenant,
  type Row,
} from './tenant-records.js';

// One statement sees one snapshot of all three tables.
const LOAD_SQL = `SELECT
  (SELECT coalesce(json_agg(t), '[]') FROM (SELECT ${TENANT_COLUMNS} FROM tenants ORDER BY id) t) AS tenants,
  (SELECT coalesce(json_agg(a), '[]') FROM (SELECT tenant_id, ${AGENT_COLUMNS} FROM agents ORDER BY id) a) AS agents,
  (SELECT coalesce(json_agg(k), '[]') FROM (SELECT ${KEY_COLUMNS}, encode(secret_sha256, 'hex') AS secret_sha256
   FROM api_keys WHERE revoked_at IS NULL ORDER BY id) k) AS keys,
  (SELECT coalesce(json_agg(i), '[]') FROM tollgate_budget_increases(now()) i) AS increases`;

// Nobody writes anything when a budget's increase starts or ends: the latest such instant that has passed is part of the
// version instead.
const VERSION_SQL = `SELECT version || coalesce('.' || (extract(epoch FROM greatest(
    (SELECT max(starts_at) FROM budget_increases WHERE starts_at <= now()),
    (SELECT max(ends_at) FROM budget_increases WHERE ends_at <= now()))) * 1000000)::bigint, '') AS version
  FROM settings_version`;

interface LoadedRows {
  readonly tenants: readonly Row[];
  readonly agents: readonly Row[];
  readonly keys: readonly Row[];
  readonly increases: readonly Row[];
}

/** Raises budgets by what is in force at this moment, by tenant and scope. */
function raiser(increases: readonly Row[]): (tenantId: string, scope: string, limits: Limits) => Limits {
  const byScope = new Map(
    increases.map((row) => [
      `${String(row['tenant_id'])} ${String(row['scope'])}`,
      Number(row['increase_nano_usd']),
    ]),
  );
  return (tenantId, scope, limits) => {
    const increase = byScope.get(`${tenantId} ${scope}`);
    return increase === undefined
      ? limits
      : { ...limits, budgetNanoUsd: effectiveBudget(limits.budgetNanoUsd, [increase]) };
  };
}

function toApiKey(row: Row): ApiKey {
  const { id, tenantId, agentId, limits, expiresAtMs } = toKey(row);
  return { id, tenantId, secretSha256: String(row['secret_sha256']), agentId, limits, expiresAtMs };
}

/** Tenants in Postgres; a budget that is increased for a while has its increase in it. */
export class DatabaseTenantSource extends TenantSource {
  constructor(
    private readonly pool: Pool,
    private readonly defaults: TenantDefaults,
  ) {
    super();
  }

  async version(): Promise<string> {
    const { rows } = await this.pool.query<{ version: string }>({
      name: 'settings-version',
      text: VERSION_SQL,
    });
    if (!rows[0]) throw new Error('The table settings_version has lost its row');
    return rows[0].version;
  }

  async load(): Promise<TenantRecords> {
    const { rows } = await this.pool.query<LoadedRows>(LOAD_SQL);
    const { tenants, agents, keys, increases } = rows[0] ?? {
      tenants: [],
      agents: [],
      keys: [],
      increases: [],
    };
    const raise = raiser(increases);
    const agentsByTenant = Map.groupBy(agents, (row) => String(row['tenant_id']));
    const settings = tenants.map(toTenant);
    return {
      settings,
      tenants: settings.map((stored) => {
        const state = {
          suspended: stored.suspendedAtMs !== undefined,
          agents: (agentsByTenant.get(stored.id) ?? []).map((agent) => {
            const { id, limits } = toAgent(agent);
            return { id, limits: raise(stored.id, `a:${id}`, limits) };
          }),
        };
        const budgetNanoUsd = stored.limits.budgetNanoUsd ?? this.defaults.limits.budgetNanoUsd;
        const limits = raise(stored.id, 't', { ...stored.limits, budgetNanoUsd });
        return completeTenant({ ...stored, limits }, state, this.defaults);
      }),
      keys: keys
        .map(toApiKey)
        .map((key) => ({ ...key, limits: raise(key.tenantId, `k:${key.id}`, key.limits) })),
    };
  }
}
