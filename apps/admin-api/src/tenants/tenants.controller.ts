import { Controller } from '@nestjs/common';
import { BASE_PATH, tenantOperations } from '@tollgate/admin-contract';
import { TenantEditor, type Edit, type EditedTenant, type TenantChange } from '@tollgate/tenant-config';
import { Pool, type PoolClient } from 'pg';
import { Changes, type Change } from '../change/changes.js';
import { answerOf, type Answer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { readCursor, toPage } from '../page/cursor.js';
import { PolicyJudge } from '../policy/policy-judge.js';
import { formatTenant, readDraft, readSettings } from './tenant-wire.js';

const operations = tenantOperations;
type OneTenant = CallOf<typeof operations.suspend>;

function toChange(action: string, { before, after }: Edit<EditedTenant>): Change {
  const audit = { action, targetType: 'tenant', targetId: after.id, tenantId: after.id };
  return {
    body: formatTenant(after),
    version: after.version,
    audit: { ...audit, before: formatTenant(before), after: formatTenant(after) },
  };
}

/** Tenants and their settings. */
@Controller(BASE_PATH)
export class TenantsController {
  constructor(
    private readonly pool: Pool,
    private readonly changes: Changes,
    private readonly judge: PolicyJudge,
  ) {}

  @Serves(operations.list)
  async list(@Call() { query }: CallOf<typeof operations.list>): Promise<Answer> {
    const { limit, search } = query;
    const after = readCursor(query.cursor);
    const tenants = await new TenantEditor(this.pool).list({ limit: limit + 1, after, search });
    return answerOf(toPage(tenants, limit, ({ id }) => id, formatTenant));
  }

  @Serves(operations.create)
  create(@Call() call: CallOf<typeof operations.create>): Promise<Answer> {
    return this.changes.make(call, async (client) => {
      const tenant = await new TenantEditor(client).create(readDraft(call.body));
      this.judge.refuseLockOut(tenant);
      const { id } = tenant;
      const audit = { action: 'tenant.create', targetType: 'tenant', targetId: id, tenantId: id };
      const body = formatTenant(tenant);
      return { body, version: tenant.version, audit: { ...audit, before: undefined, after: body } };
    });
  }

  @Serves(operations.read)
  async read(@Call() { params }: CallOf<typeof operations.read>): Promise<Answer> {
    const tenant = await new TenantEditor(this.pool).get(params.tenant_id);
    return answerOf(formatTenant(tenant), tenant.version);
  }

  @Serves(operations.replace)
  replace(@Call() call: CallOf<typeof operations.replace>): Promise<Answer> {
    return this.changes.make(call, (client) =>
      this.#update(client, call, 'tenant.replace', readSettings(call.body, null)),
    );
  }

  @Serves(operations.patch)
  patch(@Call() call: CallOf<typeof operations.patch>): Promise<Answer> {
    return this.changes.make(call, (client) =>
      this.#update(client, call, 'tenant.patch', readSettings(call.body, undefined)),
    );
  }

  @Serves(operations.suspend)
  suspend(@Call() call: OneTenant): Promise<Answer> {
    return this.#setSuspended(call, true);
  }

  @Serves(operations.resume)
  resume(@Call() call: OneTenant): Promise<Answer> {
    return this.#setSuspended(call, false);
  }

  @Serves(operations.remove)
  remove(@Call() call: CallOf<typeof operations.remove>): Promise<Answer> {
    return this.changes.make(call, async (client) => {
      const id = call.params.tenant_id;
      const before = formatTenant(await new TenantEditor(client).remove(id, call.version));
      const audit = { action: 'tenant.delete', targetType: 'tenant', targetId: id, tenantId: id };
      return { body: undefined, audit: { ...audit, before, after: undefined } };
    });
  }

  async #update(
    client: PoolClient,
    { params, version }: Pick<OneTenant, 'params' | 'version'>,
    action: string,
    change: TenantChange,
  ): Promise<Change> {
    const edit = await new TenantEditor(client).update(params.tenant_id, version, change);
    this.judge.refuseLockOut(edit.after);
    return toChange(action, edit);
  }

  #setSuspended(call: OneTenant, isSuspended: boolean): Promise<Answer> {
    return this.changes.make(call, async (client) => {
      const editor = new TenantEditor(client);
      const edit = await editor.setSuspended(call.params.tenant_id, call.version, isSuspended);
      return toChange(isSuspended ? 'tenant.suspend' : 'tenant.resume', edit);
    });
  }
}
