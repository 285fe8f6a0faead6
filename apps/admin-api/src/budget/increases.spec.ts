import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { budgetOperations, increaseOperations, tenantOperations } from '@tollgate/admin-contract';
import { AdminWorld } from '../testing/admin-world.js';
import type { AdminClient } from '../testing/admin-client.js';

const { list, create, cancel } = increaseOperations;
const params = { tenant_id: 'acme' };
const HOUR_MS = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR_MS).toISOString();

describe('increases of budgets', () => {
  let world: AdminWorld;
  let client: AdminClient;

  beforeAll(async () => {
    world = await AdminWorld.create();
    client = world.client;
    for (const id of ['acme', 'globex'])
      await client.ask(tenantOperations.create, { body: { id, budget_usd: '10' } });
  });
  afterAll(() => world.close());

  it('raise what remains until they are taken back, with an entry in the audit each', async () => {
    const { body } = await client.ask(create, {
      params,
      body: { amount_usd: '5', ends_at: inHours(1), reason: 'a launch' },
    });
    expect(body).toMatchObject({
      tenant_id: 'acme',
      agent_id: null,
      key_id: null,
      amount_usd: '5',
      amount_nano_usd: 5_000_000_000,
      status: 'active',
      reason: 'a launch',
      created_by: 'admin-token',
      cancelled_at: null,
    });
    const raised = await client.ask(budgetOperations.read, { params });
    expect(raised.body).toMatchObject({ budget_usd: '10', increase_usd: '5', remaining_usd: '15' });
    const taken = await client.ask(cancel, { params: { ...params, increase_id: body.id } });
    expect([taken.body.status, taken.body.cancelled_at]).toEqual(['cancelled', expect.any(String)]);
    expect((await client.ask(budgetOperations.read, { params })).body.remaining_usd).toBe('10');
    expect((await world.actions()).slice(-2)).toEqual(['budget_increase.create', 'budget_increase.cancel']);
  });

  it('may be of an agent or a key, begin later, and are listed a page after the other', async () => {
    const base = { amount_nano_usd: 1, ends_at: inHours(2), reason: 'later' };
    await client.ask(create, { params, body: { ...base, agent_id: 'planner', starts_at: inHours(1) } });
    await client.ask(create, { params, body: { ...base, key_id: 'abcdefghijkl' } });
    const first = await client.ask(list, { params, query: { limit: '2' } });
    const cursor = first.body.next_cursor ?? '';
    const rest = await client.ask(list, { params, query: { limit: '2', cursor } });
    const all = [...first.body.data, ...rest.body.data];
    expect(all.map(({ status, agent_id, key_id }) => [status, agent_id, key_id])).toEqual([
      ['cancelled', null, null],
      ['scheduled', 'planner', null],
      ['active', null, 'abcdefghijkl'],
    ]);
    expect(rest.body.next_cursor).toBeNull();
  });

  it('are granted once when the request is sent again', async () => {
    const body = { amount_usd: '1', ends_at: inHours(1), reason: 'once' };
    const once = { params: { tenant_id: 'globex' }, body, idempotencyKey: 'one' };
    const [first, again] = [await client.ask(create, once), await client.ask(create, once)];
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([first.text, 'true']);
    const { body: page } = await client.ask(list, { params: once.params });
    expect(page.data).toHaveLength(1);
    expect(await client.refusal(cancel, { params: { ...params, increase_id: first.body.id } })).toEqual([
      404,
      'budget_increase_not_found',
    ]);
    expect((await client.ask(list, { params: once.params })).body.data[0]?.status).toBe('active');
  });

  it.each([
    [{}],
    [{ amount_usd: '0', ends_at: inHours(1), reason: 'x' }],
    [{ amount_usd: '1', ends_at: inHours(-1), reason: 'x' }],
    [{ amount_usd: '1', ends_at: inHours(1), starts_at: inHours(2), reason: 'x' }],
    [{ amount_usd: '1', ends_at: inHours(1), reason: ' ' }],
    [{ amount_usd: '1', ends_at: inHours(1), reason: 'x', agent_id: 'a', key_id: 'k' }],
  ])('are not granted for %j', async (body) => {
    const actions = await world.actions();
    expect(await client.refusal(create, { params, body })).toEqual([400, 'invalid_request']);
    expect(await world.actions()).toEqual(actions);
  });

  it('need a tenant', async () => {
    const body = { amount_usd: '1', ends_at: inHours(1), reason: 'x' };
    expect(await client.refusal(create, { params: { tenant_id: 'nobody' }, body })).toEqual([
      404,
      'tenant_not_found',
    ]);
  });
});
