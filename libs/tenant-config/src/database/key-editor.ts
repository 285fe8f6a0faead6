import { updateRow, type Queryable } from '@tollgate/database';
import { limitColumns, type LimitChange } from './limit-columns.js';
import { TenantAdmin, type IssuedKey } from './tenant-admin.js';
import { TenantAdminError } from './tenant-admin-error.js';
import type { KeyDraft } from './tenant-drafts.js';
import type { Edit } from './tenant-editor.js';
import {
  KEY_COLUMNS,
  VERSION_COLUMNS,
  toKey,
  versioned,
  type Row,
  type StoredKey,
  type Versioned,
} from './tenant-records.js';

/** A key with its edition. */
export type EditedKey = Versioned<StoredKey>;

/** What a change of a key names: undefined leaves it as it is, null unsets it. */
export interface KeyChange {
  readonly name?: string | null | undefined;
  readonly agentId?: string | null | undefined;
  readonly expiresAtMs?: number | null | undefined;
  readonly limits?: LimitChange | undefined;
}

/** A new key that takes the place of another, for which the other one is about to end. */
export interface RotatedKey extends Edit<EditedKey> {
  readonly issued: IssuedKey;
}

const COLUMNS = `${KEY_COLUMNS}, ${VERSION_COLUMNS}`;
const SECOND_MS = 1000;

/** Changes a tenant's keys in editions, as TenantEditor changes tenants. */
export class KeyEditor {
  constructor(
    private readonly client: Queryable,
    private readonly tenantId: string,
  ) {}

  /** @throws TenantAdminError `key_not_found` */
  async get(id: string): Promise<EditedKey> {
    const { rows } = await this.client.query<Row>(
      `SELECT ${COLUMNS} FROM api_keys WHERE tenant_id = $1 AND id = $2`,
      [this.tenantId, id],
    );
    if (!rows[0]) throw new TenantAdminError('key_not_found', 'The tenant has no key with this id.');
    return versioned(rows[0], toKey);
  }

  /** Keys by id, the revoked ones too: at most `limit` whose ids come after `after`. */
  async list(page: { readonly limit: number; readonly after?: string | undefined }): Promise<EditedKey[]> {
    const { rows } = await this.client.query<Row>(
      `SELECT ${COLUMNS} FROM api_keys WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
      [this.tenantId, page.after ?? '', page.limit],
    );
    return rows.map((row) => versioned(row, toKey));
  }

  /** @throws TenantAdminError `invalid_settings`, `tenant_not_found`, `agent_not_found` */
  create(draft: KeyDraft): Promise<IssuedKey> {
    return new TenantAdmin(this.client).createKey(this.tenantId, draft);
  }

  /** @throws TenantAdminError `key_not_found`, `key_not_active`, `agent_not_found` */
  async update(id: string, version: number, change: KeyChange): Promise<Edit<EditedKey>> {
    const before = await this.#getActive(id);
    if (change.agentId) await new TenantAdmin(this.client).requireAgent(this.tenantId, change.agentId);
    const { name, agentId, expiresAtMs } = change;
    const columns = {
      ...(name === undefined ? {} : { name }),
      ...(agentId === undefined ? {} : { agent_id: agentId }),
      ...(expiresAtMs === undefined
        ? {}
        : { expires_at: expiresAtMs === null ? null : new Date(expiresAtMs) }),
      ...limitColumns(change.limits),
    };
    return this.#set(before, version, columns);
  }

  /**
   * Makes a key like this one, which ends after the overlap, or at once when that is 0.
   * @throws TenantAdminError `key_not_found`, `key_not_active`
   */
  async rotate(id: string, version: number, overlapSeconds: number): Promise<RotatedKey> {
    const old = await this.#getActive(id);
    const nowMs = Date.now();
    const endMs = Math.min(nowMs + overlapSeconds * SECOND_MS, old.expiresAtMs ?? Number.POSITIVE_INFINITY);
    const end = overlapSeconds === 0 ? { revoked_at: new Date(nowMs) } : { expires_at: new Date(endMs) };
    const edit = await this.#set(old, version, end);
    const { name, agentId, expiresAtMs, limits } = old;
    const issued = await this.create({ name, agentId, expiresAtMs, limits });
    return { ...edit, issued };
  }

  /** Revokes a key for ever; one that is revoked already keeps the time at which it was. @throws TenantAdminError `key_not_found` */
  async revoke(id: string, version: number): Promise<Edit<EditedKey>> {
    const before = await this.get(id);
    return this.#set(before, version, { revoked_at: new Date(before.revokedAtMs ?? Date.now()) });
  }

  async #getActive(id: string): Promise<EditedKey> {
    const key = await this.get(id);
    const hasEnded =
      key.revokedAtMs !== undefined || (key.expiresAtMs ?? Number.POSITIVE_INFINITY) <= Date.now();
    if (hasEnded) throw new TenantAdminError('key_not_active', 'The key is revoked or expired.');
    return key;
  }

  async #set(before: EditedKey, version: number, set: Record<string, unknown>): Promise<Edit<EditedKey>> {
    const place = { table: 'api_keys', key: { tenant_id: this.tenantId, id: before.id } };
    await updateRow(this.client, place, version, set);
    return { before, after: await this.get(before.id) };
  }
}
