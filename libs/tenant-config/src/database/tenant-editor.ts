import { deleteRow, updateRow, type Queryable } from '@tollgate/database';
import { limitColumns, type LimitChange } from './limit-columns.js';
import { TenantAdmin } from './tenant-admin.js';
import { TenantAdminError } from './tenant-admin-error.js';
import type { TenantDraft } from './tenant-drafts.js';
import {
  TENANT_COLUMNS,
  VERSION_COLUMNS,
  toTenant,
  versioned,
  type Row,
  type StoredTenant,
  type Versioned,
} from './tenant-records.js';

/** A tenant with its edition. */
export type EditedTenant = Versioned<StoredTenant>;

/** The settings of a tenant that a change names: undefined leaves one as it is, null unsets it. */
export type TenantChange = {
  readonly [K in Exclude<keyof TenantDraft, 'id' | 'limits'>]?: TenantDraft[K] | null;
} & { readonly limits?: LimitChange };

/** What something was, and is now. */
export interface Edit<T> {
  readonly before: T;
  readonly after: T;
}

const COLUMNS = `${TENANT_COLUMNS}, ${VERSION_COLUMNS}`;

function columnsOf(change: TenantChange): Record<string, unknown> {
  const columns = {
    default_model: change.defaultModel,
    fallback_model: change.fallbackModel,
    allowed_models: change.allowedModels,
    allow_expensive: change.allowExpensive,
    model_aliases: change.modelAliases,
    task_models: change.taskModels,
    max_cost_per_request_nano_usd: change.maxCostPerRequestNanoUsd,
    run_budget_nano_usd: change.runBudgetNanoUsd,
    ...limitColumns(change.limits),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

const notFound = (): TenantAdminError =>
  new TenantAdminError('tenant_not_found', 'There is no tenant with this id.');

/**
 * Changes tenants in editions, inside a transaction of the caller's; values are checked beforehand.
 * Every change throws StaleRowError when the edition is not the latest.
 */
export class TenantEditor {
  constructor(private readonly client: Queryable) {}

  /** @throws TenantAdminError `tenant_not_found` */
  async get(id: string): Promise<EditedTenant> {
    const { rows } = await this.client.query<Row>(`SELECT ${COLUMNS} FROM tenants WHERE id = $1`, [id]);
    if (!rows[0]) throw notFound();
    return versioned(rows[0], toTenant);
  }

  /** Tenants by id: at most `limit` whose ids come after `after` and contain `search`. */
  async list(page: {
    readonly limit: number;
    readonly after?: string | undefined;
    readonly search?: string | undefined;
  }): Promise<EditedTenant[]> {
    const { rows } = await this.client.query<Row>(
      `SELECT ${COLUMNS} FROM tenants WHERE id > $1 AND position($2 in id) > 0 ORDER BY id LIMIT $3`,
      [page.after ?? '', page.search ?? '', page.limit],
    );
    return rows.map((row) => versioned(row, toTenant));
  }

  /** @throws TenantAdminError `invalid_settings`, `tenant_exists` */
  async create(draft: TenantDraft): Promise<EditedTenant> {
    const { id } = await new TenantAdmin(this.client).createTenant(draft);
    return this.get(id);
  }

  /** @throws TenantAdminError `tenant_not_found` */
  async update(id: string, version: number, change: TenantChange): Promise<Edit<EditedTenant>> {
    return this.#set(id, version, columnsOf(change));
  }

  /** Suspends a tenant, whose keys are then refused, or lets it go on. @throws TenantAdminError `tenant_not_found` */
  async setSuspended(id: string, version: number, isSuspended: boolean): Promise<Edit<EditedTenant>> {
    const { suspendedAtMs } = await this.get(id);
    // One that is suspended already keeps the time at which it was.
    const at = isSuspended ? new Date(suspendedAtMs ?? Date.now()) : undefined;
    return this.#set(id, version, { suspended_at: at });
  }

  /** Deletes a tenant with its agents and keys; the ledger and its totals stay. @throws TenantAdminError `tenant_not_found` */
  async remove(id: string, version: number): Promise<EditedTenant> {
    const before = await this.get(id);
    if (!(await deleteRow(this.client, { table: 'tenants', key: { id } }, version))) throw notFound();
    return before;
  }

  async #set(id: string, version: number, set: Record<string, unknown>): Promise<Edit<EditedTenant>> {
    const before = await this.get(id);
    if (!(await updateRow(this.client, { table: 'tenants', key: { id } }, version, set))) throw notFound();
    return { before, after: await this.get(id) };
  }
}
