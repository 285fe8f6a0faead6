import pg from 'pg';
import type { Queryable } from '@tollgate/database';
import { createApiKey } from '../api-key.js';
import { limitColumns } from './limit-columns.js';
import { TenantAdminError } from './tenant-admin-error.js';
import {
  agentDraft,
  keyDraft,
  pageDraft,
  parseDraft,
  tenantDraft,
  type AgentDraft,
  type KeyDraft,
  type PageDraft,
  type TenantDraft,
} from './tenant-drafts.js';
import {
  AGENT_COLUMNS,
  KEY_COLUMNS,
  TENANT_COLUMNS,
  toAgent,
  toKey,
  toTenant,
  type Row,
  type StoredAgent,
  type StoredKey,
  type StoredTenant,
} from './tenant-records.js';

const UNIQUE_VIOLATION = '23505';

/** A part of a list in the order of ids. */
export interface Page<T> {
  readonly items: readonly T[];
  /** The `after` of the next page; undefined on the last one. */
  readonly nextAfter: string | undefined;
}

/** A key that was just made, with its secret: it cannot be read again. */
export interface IssuedKey {
  readonly key: StoredKey;
  readonly secret: string;
}

/** Writes tenants, agents and keys; every change raises the version that DatabaseTenantSource watches. */
export class TenantAdmin {
  constructor(private readonly pool: Queryable) {}

  /** @throws TenantAdminError `invalid_settings`, `tenant_exists` */
  async createTenant(draft: TenantDraft): Promise<StoredTenant> {
    const tenant = parseDraft(tenantDraft, draft);
    const columns = {
      id: tenant.id,
      default_model: tenant.defaultModel,
      fallback_model: tenant.fallbackModel,
      allowed_models: tenant.allowedModels,
      allow_expensive: tenant.allowExpensive,
      model_aliases: tenant.modelAliases,
      task_models: tenant.taskModels,
      max_cost_per_request_nano_usd: tenant.maxCostPerRequestNanoUsd,
      run_budget_nano_usd: tenant.runBudgetNanoUsd,
      ...limitColumns(tenant.limits),
    };
    try {
      return toTenant(await this.#insert('tenants', columns, TENANT_COLUMNS));
    } catch (error) {
      throw refused(error, 'tenant_exists', 'There is a tenant with this id already.');
    }
  }

  /** @throws TenantAdminError `tenant_not_found` */
  async getTenant(id: string): Promise<StoredTenant> {
    const row = await this.#findRow(`SELECT ${TENANT_COLUMNS} FROM tenants WHERE id = $1`, [id]);
    if (!row) throw new TenantAdminError('tenant_not_found', 'There is no tenant with this id.');
    return toTenant(row);
  }

  async listTenants(page: PageDraft = {}): Promise<Page<StoredTenant>> {
    return this.#list(`SELECT ${TENANT_COLUMNS} FROM tenants WHERE id > $1`, [], page, toTenant);
  }

  /** @throws TenantAdminError `invalid_settings`, `tenant_not_found`, `agent_exists` */
  async createAgent(tenantId: string, draft: AgentDraft): Promise<StoredAgent> {
    const agent = parseDraft(agentDraft, draft);
    await this.getTenant(tenantId);
    const columns = { tenant_id: tenantId, id: agent.id, ...limitColumns(agent.limits) };
    try {
      return toAgent(await this.#insert('agents', columns, AGENT_COLUMNS));
    } catch (error) {
      throw refused(error, 'agent_exists', 'The tenant has an agent with this id already.');
    }
  }

  /** @throws TenantAdminError `tenant_not_found` */
  async listAgents(tenantId: string, page: PageDraft = {}): Promise<Page<StoredAgent>> {
    await this.getTenant(tenantId);
    const select = `SELECT ${AGENT_COLUMNS} FROM agents WHERE id > $1 AND tenant_id = $3`;
    return this.#list(select, [tenantId], page, toAgent);
  }

  /**
   * Makes a key; one that is bound to an agent needs the agent to be registered.
   * @throws TenantAdminError `invalid_settings`, `tenant_not_found`, `agent_not_found`
   */
  async createKey(tenantId: string, draft: KeyDraft = {}): Promise<IssuedKey> {
    const { agentId, name, expiresAtMs, limits } = parseDraft(keyDraft, draft);
    await this.getTenant(tenantId);
    if (agentId !== undefined) await this.requireAgent(tenantId, agentId);
    const { id, secret, secretSha256 } = createApiKey();
    const columns = {
      id,
      tenant_id: tenantId,
      secret_sha256: Buffer.from(secretSha256, 'hex'),
      agent_id: agentId,
      name,
      expires_at: expiresAtMs === undefined ? undefined : new Date(expiresAtMs),
      ...limitColumns(limits),
    };
    return { key: toKey(await this.#insert('api_keys', columns, KEY_COLUMNS)), secret };
  }

  /**
   * Revokes a key for ever; one that is revoked already keeps the time at which it was.
   * @throws TenantAdminError `key_not_found`
   */
  async revokeKey(keyId: string): Promise<StoredKey> {
    const revoke = `UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 RETURNING ${KEY_COLUMNS}`;
    const row = await this.#findRow(revoke, [keyId]);
    if (!row) throw new TenantAdminError('key_not_found', 'There is no key with this id.');
    return toKey(row);
  }

  /**
   * Lists a tenant's keys, the revoked ones too.
   * @throws TenantAdminError `tenant_not_found`
   */
  async listKeys(tenantId: string, page: PageDraft = {}): Promise<Page<StoredKey>> {
    await this.getTenant(tenantId);
    const select = `SELECT ${KEY_COLUMNS} FROM api_keys WHERE id > $1 AND tenant_id = $3`;
    return this.#list(select, [tenantId], page, toKey);
  }

  /** @throws TenantAdminError `agent_not_found` */
  async requireAgent(tenantId: string, agentId: string): Promise<void> {
    const row = await this.#findRow('SELECT 1 FROM agents WHERE tenant_id = $1 AND id = $2', [
      tenantId,
      agentId,
    ]);
    if (row) return;
    throw new TenantAdminError(
      'agent_not_found',
      'The tenant has no agent with this id. Create it first.',
      'agentId',
    );
  }

  async #findRow(text: string, values: readonly unknown[]): Promise<Row | undefined> {
    const { rows } = await this.pool.query<Row>(text, [...values]);
    return rows[0];
  }

  async #insert(table: string, columns: Readonly<Record<string, unknown>>, returning: string): Promise<Row> {
    const names = Object.keys(columns);
    const text = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')})
                  RETURNING ${returning}`;
    const row = await this.#findRow(text, Object.values(columns));
    if (!row) throw new Error('The insert returned no row');
    return row;
  }

  async #list<T extends { readonly id: string }>(
    select: string,
    values: readonly unknown[],
    page: PageDraft,
    read: (row: Row) => T,
  ): Promise<Page<T>> {
    const { limit, after } = parseDraft(pageDraft, page);
    const { rows } = await this.pool.query<Row>(`${select} ORDER BY id LIMIT $2`, [
      after ?? '',
      limit + 1,
      ...values,
    ]);
    const items = rows.slice(0, limit).map(read);
    return { items, nextAfter: rows.length > limit ? items.at(-1)?.id : undefined };
  }
}

function refused(error: unknown, code: 'tenant_exists' | 'agent_exists', message: string): unknown {
  const isDuplicate = error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION;
  return isDuplicate ? new TenantAdminError(code, message, 'id', { cause: error }) : error;
}
