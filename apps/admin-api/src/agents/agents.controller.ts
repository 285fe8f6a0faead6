import { Controller } from '@nestjs/common';
import { BASE_PATH, agentOperations, formatTime } from '@tollgate/admin-contract';
import { AgentEditor, TenantEditor, type EditedAgent } from '@tollgate/tenant-config';
import { Pool, type PoolClient } from 'pg';
import { Changes, type Change } from '../change/changes.js';
import { formatLimits, readLimits } from '../keys/key-wire.js';
import { answerOf, type Answer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { readCursor, toPage } from '../page/cursor.js';

const operations = agentOperations;

const format =
  (tenantId: string) =>
  (agent: EditedAgent): Record<string, unknown> => ({
    id: agent.id,
    tenant_id: tenantId,
    ...formatLimits(agent.limits),
    created_at: formatTime(agent.createdAtMs),
    updated_at: formatTime(agent.updatedAtMs),
  });

function toChange(action: string, tenantId: string, before?: EditedAgent, after?: EditedAgent): Change {
  const [was, is] = [before && format(tenantId)(before), after && format(tenantId)(after)];
  const targetId = (after ?? before)?.id ?? '';
  return {
    body: is,
    ...(after ? { version: after.version } : {}),
    audit: { action, targetType: 'agent', targetId, tenantId, before: was, after: is },
  };
}

/** The agents of a tenant, with budgets of their own. */
@Controller(BASE_PATH)
export class AgentsController {
  constructor(
    private readonly pool: Pool,
    private readonly changes: Changes,
  ) {}

  @Serves(operations.list)
  async list(@Call() { params, query }: CallOf<typeof operations.list>): Promise<Answer> {
    const editor = await this.#open(this.pool, params.tenant_id);
    const agents = await editor.list({ limit: query.limit + 1, after: readCursor(query.cursor) });
    return answerOf(toPage(agents, query.limit, ({ id }) => id, format(params.tenant_id)));
  }

  @Serves(operations.create)
  create(@Call() call: CallOf<typeof operations.create>): Promise<Answer> {
    const { params, body } = call;
    return this.changes.make(call, async (client) => {
      const known = Object.entries(readLimits(body, undefined)).filter(([, limit]) => limit !== null);
      const editor = await this.#open(client, params.tenant_id);
      const agent = await editor.create({ id: body.id, limits: Object.fromEntries(known) });
      return toChange('agent.create', params.tenant_id, undefined, agent);
    });
  }

  @Serves(operations.read)
  async read(@Call() { params }: CallOf<typeof operations.read>): Promise<Answer> {
    const agent = await (await this.#open(this.pool, params.tenant_id)).get(params.agent_id);
    return answerOf(format(params.tenant_id)(agent), agent.version);
  }

  @Serves(operations.replace)
  replace(@Call() call: CallOf<typeof operations.replace>): Promise<Answer> {
    const { params, version, body } = call;
    return this.changes.make(call, async (client) => {
      const editor = await this.#open(client, params.tenant_id);
      const { before, after } = await editor.update(params.agent_id, version, readLimits(body, null));
      return toChange('agent.replace', params.tenant_id, before, after);
    });
  }

  @Serves(operations.remove)
  remove(@Call() call: CallOf<typeof operations.remove>): Promise<Answer> {
    const { params, version } = call;
    return this.changes.make(call, async (client) => {
      const editor = await this.#open(client, params.tenant_id);
      return toChange('agent.delete', params.tenant_id, await editor.remove(params.agent_id, version));
    });
  }

  async #open(client: Pool | PoolClient, tenantId: string): Promise<AgentEditor> {
    await new TenantEditor(client).get(tenantId);
    return new AgentEditor(client, tenantId);
  }
}
