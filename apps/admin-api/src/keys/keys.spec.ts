import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { agentOperations, keyOperations, tenantOperations } from '@tollgate/admin-contract';
import { systemClock } from '@tollgate/domain';
import { DatabaseTenantSource, TenantDirectory } from '@tollgate/tenant-config';
import { eventually } from '../testing/eventually.js';
import { AdminWorld } from '../testing/admin-world.js';
import type { AdminClient } from '../testing/admin-client.js';

const DEFAULTS = {
  defaultModel: 'gpt-4o',
  fallbackModel: 'none',
  limits: {
    budgetNanoUsd: 1,
    requestsPerMinute: 1,
    tokensPerMinute: 1,
    maxConcurrency: undefined,
  },
};
const operations = keyOperations;

describe('the keys of a tenant', () => {
  let world: AdminWorld;
  let client: AdminClient;
  /** As a gateway has it. */
  let directory: TenantDirectory;
  const params = { tenant_id: 'acme' };

  beforeAll(async () => {
    world = await AdminWorld.create();
    client = world.client;
    for (const id of ['acme', 'globex']) await client.ask(tenantOperations.create, { body: { id } });
    directory = new TenantDirectory({
      source: new DatabaseTenantSource(world.pool, DEFAULTS),
      clock: systemClock,
      onError: (error) => expect(error).toBe(null),
    });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await world.close();
  });

  it('open the gate within a second of their creation, and close it within one of their revocation', async () => {
    const created = await client.ask(operations.create, { params, body: { name: 'ci', budget_usd: '2' } });
    const { secret, ...shown } = created.body;
    expect(shown).toEqual({
      id: secret?.slice(3, 15),
      tenant_id: 'acme',
      status: 'active',
      name: 'ci',
      agent_id: null,
      budget_usd: '2',
      budget_nano_usd: 2_000_000_000,
      requests_per_minute: null,
      tokens_per_minute: null,
      max_concurrency: null,
      expires_at: null,
      revoked_at: null,
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
    const owner = async (): Promise<string | undefined> => directory.findPrincipal(secret ?? '')?.tenant.id;
    const startMs = performance.now();
    await eventually(owner, (id) => expect(id).toBe('acme'));
    const one = { params: { ...params, key_id: created.body.id } };
    const revoked = await client.ask(operations.revoke, { ...one, ifMatch: created.etag });
    expect(revoked.body).toMatchObject({ status: 'revoked' });
    await eventually(owner, (id) => expect(id).toBeUndefined());
    expect(performance.now() - startMs).toBeLessThan(5000);
    expect(await client.refusal(operations.patch, { ...one, ifMatch: revoked.etag, body: {} })).toEqual([
      409,
      'key_not_active',
    ]);
    const again = await client.ask(operations.revoke, { ...one, ifMatch: revoked.etag });
    expect(again.body.revoked_at).toBe(revoked.body.revoked_at);
  });

  it('are rotated with an overlap, in which both work', async () => {
    const old = await client.ask(operations.create, { params, body: { name: 'rotating' } });
    const one = { params: { ...params, key_id: old.body.id } };
    const request = { ...one, ifMatch: old.etag, body: { overlap_seconds: 60 }, idempotencyKey: 'rotate' };
    const { body } = await client.ask(operations.rotate, request);
    expect(body.key).toMatchObject({ name: 'rotating', status: 'active', expires_at: null });
    expect(body.replaced).toMatchObject({
      id: old.body.id,
      status: 'active',
      expires_at: expect.stringMatching(/Z$/),
    });
    await directory.refresh();
    for (const secret of [old.body.secret, body.key.secret])
      expect(directory.findPrincipal(secret ?? '')?.tenant.id).toBe('acme');
    const again = await client.ask(operations.rotate, request);
    expect(again.body).toEqual({ ...body, key: { ...body.key, secret: null } });
    expect(await client.refusal(operations.rotate, { ...request, idempotencyKey: 'other' })).toEqual([
      412,
      'precondition_failed',
    ]);
  });

  it('are bound to an agent of the tenant, and to no other', async () => {
    const agent = { params: { tenant_id: 'globex' }, body: { id: 'team/planner@v1' } };
    await client.ask(agentOperations.create, agent);
    const body = { agent_id: 'team/planner@v1' };
    expect(await client.refusal(operations.create, { params, body })).toEqual([404, 'agent_not_found']);
    const { body: key } = await client.ask(operations.create, { params: { tenant_id: 'globex' }, body });
    expect(key.agent_id).toBe('team/planner@v1');
  });

  it('of another tenant cannot be seen, changed, rotated or revoked', async () => {
    const { body, etag } = await client.ask(operations.create, { params, body: {} });
    const foreign = { params: { tenant_id: 'globex', key_id: body.id }, ifMatch: etag };
    for (const [operation, sent] of [
      [operations.read, undefined],
      [operations.patch, {}],
      [operations.rotate, {}],
      [operations.revoke, undefined],
    ] as const)
      expect(await client.refusal(operation, { ...foreign, body: sent })).toEqual([404, 'key_not_found']);
    const { body: list } = await client.ask(operations.list, { params: { tenant_id: 'globex' } });
    expect(list.data.map(({ id }) => id)).not.toContain(body.id);
    expect(await client.refusal(operations.list, { params: { tenant_id: 'nobody' } })).toEqual([
      404,
      'tenant_not_found',
    ]);
  });

  it('are changed in part', async () => {
    const { body, etag } = await client.ask(operations.create, {
      params,
      body: { name: 'x', budget_nano_usd: 0 },
    });
    const one = { params: { ...params, key_id: body.id } };
    const changed = await client.ask(operations.patch, {
      ...one,
      ifMatch: etag,
      body: { name: null, expires_at: '2999-01-01T00:00:00Z' },
    });
    expect(changed.body).toMatchObject({
      name: null,
      budget_usd: '0',
      expires_at: '2999-01-01T00:00:00.000Z',
    });
    for (const wrong of [
      { name: 'a\r\nb' },
      { name: '' },
      { expires_at: '2999-01-01' },
      { expires_at: 1 },
      { secret: 'mine' },
      { id: 'mine' },
    ])
      expect(await client.refusal(operations.patch, { ...one, ifMatch: changed.etag, body: wrong })).toEqual([
        400,
        'invalid_request',
      ]);
  });
});
