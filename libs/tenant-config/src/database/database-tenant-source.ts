import type { Pool } from 'pg';
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
   FROM api_keys WHERE revoked_at IS NULL ORDER BY id) k) AS keys`;

interface LoadedRows {
  readonly tenants: readonly Row[];
  readonly agents: readonly Row[];
  readonly keys: readonly Row[];
}

function toApiKey(row: Row): ApiKey {
  const { id, tenantId, agentId, limits, expiresAtMs } = toKey(row);
  return { id, tenantId, secretSha256: String(row['secret_sha256']), agentId, limits, expiresAtMs };
}

/** Tenants in Postgres. */
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
      text: 'SELECT version FROM settings_version',
    });
    if (!rows[0]) throw new Error('The table settings_version has lost its row');
    return rows[0].version;
  }

  async load(): Promise<TenantRecords> {
    const { rows } = await this.pool.query<LoadedRows>(LOAD_SQL);
    const { tenants, agents, keys } = rows[0] ?? { tenants: [], agents: [], keys: [] };
    const agentsByTenant = Map.groupBy(agents, (row) => String(row['tenant_id']));
    const settings = tenants.map(toTenant);
    return {
      settings,
      tenants: settings.map((stored) => {
        const state = {
          suspended: stored.suspendedAtMs !== undefined,
          agents: (agentsByTenant.get(stored.id) ?? []).map((agent) => {
            const { id, limits } = toAgent(agent);
            return { id, limits };
          }),
        };
        return completeTenant(stored, state, this.defaults);
      }),
      keys: keys.map(toApiKey),
    };
  }
}
