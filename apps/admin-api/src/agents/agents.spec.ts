import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { agentOperations, tenantOperations } from '@tollgate/admin-contract';
import { AdminWorld } from '../testing/admin-world.js';
import type { AdminClient } from '../testing/admin-client.js';

const operations = agentOperations;

describe('the agents of a tenant', () => {
  let world: AdminWorld;
  let client: AdminClient;
  const params = { tenant_id: 'acme' };

  beforeAll(async () => {
    world = await AdminWorld.create();
    client = world.client;
    for (const id of ['acme', 'globex']) await client.ask(tenantOperations.create, { body: { id } });
  });
  afterAll(() => world.close());

  it('are registered with a budget, changed and removed, whatever stands in their names', async () => {
    const id = 'team/planner@v1:x';
    const one = { ...params, agent_id: id };
    const created = await client.ask(operations.create, {
      params,
      body: { id, budget_usd: '3', max_concurrency: 1 },
    });
    expect(created.body).toMatchObject({
      id,
      tenant_id: 'acme',
      budget_nano_usd: 3_000_000_000,
      max_concurrency: 1,
    });
    expect((await client.ask(operations.read, { params: one })).body).toEqual(created.body);
    expect(await client.refusal(operations.create, { params, body: { id } })).toEqual([
      409,
      'already_exists',
    ]);
    const put = await client.ask(operations.replace, {
      params: one,
      ifMatch: created.etag,
      body: { budget_nano_usd: 0 },
    });
    expect(put.body).toMatchObject({ budget_usd: '0', max_concurrency: null });
    expect(await client.refusal(operations.remove, { params: one, ifMatch: created.etag })).toEqual([
      412,
      'precondition_failed',
    ]);
    await client.ask(operations.remove, { params: one, ifMatch: put.etag });
    expect(await client.refusal(operations.read, { params: one })).toEqual([404, 'agent_not_found']);
    expect((await world.actions()).slice(-3)).toEqual(['agent.create', 'agent.replace', 'agent.delete']);
  });

  it('belong to their tenant alone', async () => {
    const { etag } = await client.ask(operations.create, { params, body: { id: 'own' } });
    const foreign = { tenant_id: 'globex', agent_id: 'own' };
    expect(await client.refusal(operations.replace, { params: foreign, ifMatch: etag, body: {} })).toEqual([
      404,
      'agent_not_found',
    ]);
    expect((await client.ask(operations.list, { params: { tenant_id: 'globex' } })).body.data).toEqual([]);
  });

  it.each(['', '../x', 'a b', 'a\nb', 'x'.repeat(129)])('are not called %j', async (id) => {
    expect(await client.refusal(operations.create, { params, body: { id } })).toEqual([
      400,
      'invalid_request',
    ]);
  });
});
