import { deleteRow, updateRow, type Queryable } from '@tollgate/database';
import { limitColumns, type LimitChange } from './limit-columns.js';
import { TenantAdmin } from './tenant-admin.js';
import { TenantAdminError } from './tenant-admin-error.js';
import type { AgentDraft } from './tenant-drafts.js';
import type { Edit } from './tenant-editor.js';
import {
  AGENT_COLUMNS,
  VERSION_COLUMNS,
  toAgent,
  versioned,
  type Row,
  type StoredAgent,
  type Versioned,
} from './tenant-records.js';

/** An agent with its edition. */
export type EditedAgent = Versioned<StoredAgent>;

const COLUMNS = `${AGENT_COLUMNS}, ${VERSION_COLUMNS}`;
const notFound = (): TenantAdminError =>
  new TenantAdminError('agent_not_found', 'The tenant has no agent with this id.');

/** Changes a tenant's agents in editions, as TenantEditor changes tenants. */
export class AgentEditor {
  constructor(
    private readonly client: Queryable,
    private readonly tenantId: string,
  ) {}

  /** @throws TenantAdminError `agent_not_found` */
  async get(id: string): Promise<EditedAgent> {
    const { rows } = await this.client.query<Row>(
      `SELECT ${COLUMNS} FROM agents WHERE tenant_id = $1 AND id = $2`,
      [this.tenantId, id],
    );
    if (!rows[0]) throw notFound();
    return versioned(rows[0], toAgent);
  }

  /** Agents by id: at most `limit` whose ids come after `after`. */
  async list(page: { readonly limit: number; readonly after?: string | undefined }): Promise<EditedAgent[]> {
    const { rows } = await this.client.query<Row>(
      `SELECT ${COLUMNS} FROM agents WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
      [this.tenantId, page.after ?? '', page.limit],
    );
    return rows.map((row) => versioned(row, toAgent));
  }

  /** @throws TenantAdminError `invalid_settings`, `tenant_not_found`, `agent_exists` */
  async create(draft: AgentDraft): Promise<EditedAgent> {
    const { id } = await new TenantAdmin(this.client).createAgent(this.tenantId, draft);
    return this.get(id);
  }

  /** @throws TenantAdminError `agent_not_found` */
  async update(id: string, version: number, limits: LimitChange): Promise<Edit<EditedAgent>> {
    const before = await this.get(id);
    if (!(await updateRow(this.client, this.#place(id), version, limitColumns(limits)))) throw notFound();
    return { before, after: await this.get(id) };
  }

  /** Its keys stay bound to it. @throws TenantAdminError `agent_not_found` */
  async remove(id: string, version: number): Promise<EditedAgent> {
    const before = await this.get(id);
    if (!(await deleteRow(this.client, this.#place(id), version))) throw notFound();
    return before;
  }

  #place(id: string): { table: string; key: Record<string, string> } {
    return { table: 'agents', key: { tenant_id: this.tenantId, id } };
  }
}
