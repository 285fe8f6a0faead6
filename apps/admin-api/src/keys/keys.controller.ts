import { Controller } from '@nestjs/common';
import { BASE_PATH, keyOperations } from '@tollgate/admin-contract';
import { KeyEditor, TenantEditor, type Edit, type EditedKey, type KeyDraft } from '@tollgate/tenant-config';
import { Pool, type PoolClient } from 'pg';
import { Changes, type Change } from '../change/changes.js';
import { answerOf, type Answer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { readCursor, toPage } from '../page/cursor.js';
import { formatKey, readKeyChange, type KeyBody } from './key-wire.js';

const operations = keyOperations;

function auditOf(
  action: string,
  key: EditedKey,
): Pick<Change['audit'], 'action' | 'targetType' | 'targetId' | 'tenantId'> {
  return { action, targetType: 'key', targetId: key.id, tenantId: key.tenantId };
}

function toChange(action: string, { before, after }: Edit<EditedKey>): Change {
  const body = formatKey(after);
  const audit = { ...auditOf(action, after), before: formatKey(before), after: body };
  return { body, version: after.version, audit };
}

function readDraft(body: KeyBody): KeyDraft {
  const { name, agentId, expiresAtMs, limits = {} } = readKeyChange(body);
  const known = Object.entries(limits).filter(([, limit]) => limit !== null);
  return {
    name: name ?? undefined,
    agentId: agentId ?? undefined,
    expiresAtMs: expiresAtMs ?? undefined,
    limits: Object.fromEntries(known),
  };
}

/** The keys of a tenant. A secret leaves with the answer that made it, and is kept nowhere. */
@Controller(BASE_PATH)
export class KeysController {
  constructor(
    private readonly pool: Pool,
    private readonly changes: Changes,
  ) {}

  @Serves(operations.list)
  async list(@Call() { params, query }: CallOf<typeof operations.list>): Promise<Answer> {
    const editor = await this.#open(this.pool, params.tenant_id);
    const keys = await editor.list({ limit: query.limit + 1, after: readCursor(query.cursor) });
    return answerOf(toPage(keys, query.limit, ({ id }) => id, formatKey));
  }

  @Serves(operations.create)
  create(@Call() call: CallOf<typeof operations.create>): Promise<Answer> {
    return this.changes.make(call, async (client) => {
      const editor = await this.#open(client, call.params.tenant_id);
      const { key, secret } = await editor.create(readDraft(call.body));
      const created = await editor.get(key.id);
      const body = formatKey(created);
      return {
        body: { ...body, secret },
        keptBody: { ...body, secret: null },
        version: created.version,
        audit: { ...auditOf('key.create', created), before: undefined, after: body },
      };
    });
  }

  @Serves(operations.read)
  async read(@Call() { params }: CallOf<typeof operations.read>): Promise<Answer> {
    const key = await (await this.#open(this.pool, params.tenant_id)).get(params.key_id);
    return answerOf(formatKey(key), key.version);
  }

  @Serves(operations.patch)
  patch(@Call() call: CallOf<typeof operations.patch>): Promise<Answer> {
    const { params, version, body } = call;
    return this.changes.make(call, async (client) => {
      const editor = await this.#open(client, params.tenant_id);
      return toChange('key.patch', await editor.update(params.key_id, version, readKeyChange(body)));
    });
  }

  @Serves(operations.rotate)
  rotate(@Call() call: CallOf<typeof operations.rotate>): Promise<Answer> {
    const { params, version, body } = call;
    return this.changes.make(call, async (client) => {
      const editor = await this.#open(client, params.tenant_id);
      const { before, after, issued } = await editor.rotate(params.key_id, version, body.overlap_seconds);
      const created = await editor.get(issued.key.id);
      const [key, replaced] = [formatKey(created), formatKey(after)];
      return {
        body: { key: { ...key, secret: issued.secret }, replaced },
        keptBody: { key: { ...key, secret: null }, replaced },
        version: created.version,
        audit: {
          ...auditOf('key.rotate', after),
          before: formatKey(before),
          after: { ...replaced, new_key: key },
        },
      };
    });
  }

  @Serves(operations.revoke)
  revoke(@Call() call: CallOf<typeof operations.revoke>): Promise<Answer> {
    const { params, version } = call;
    return this.changes.make(call, async (client) => {
      const editor = await this.#open(client, params.tenant_id);
      return toChange('key.revoke', await editor.revoke(params.key_id, version));
    });
  }

  // A tenant that is not there is said to be missing, and not its key.
  async #open(client: Pool | PoolClient, tenantId: string): Promise<KeyEditor> {
    await new TenantEditor(client).get(tenantId);
    return new KeyEditor(client, tenantId);
  }
}
