import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOperations, keyOperations, tenantOperations } from '@tollgate/admin-contract';
import { AdminWorld } from '../testing/admin-world.js';
import type { AdminClient } from '../testing/admin-client.js';

describe('the audit of the admin API', () => {
  let world: AdminWorld;
  let client: AdminClient;

  beforeAll(async () => {
    world = await AdminWorld.create();
    client = world.client;
  });
  afterAll(() => world.close());

  it('has one entry for each change, with who, what, before and after, and the request', async () => {
    const { body: before, etag } = await client.ask(tenantOperations.create, { body: { id: 'acme' } });
    const params = { tenant_id: 'acme' };
    const changed = await client.ask(tenantOperations.patch, {
      params,
      ifMatch: etag,
      body: { budget_usd: '5' },
    });
    const { body } = await client.ask(auditOperations.list, { query: { limit: '1' } });
    expect(body.data).toEqual([
      {
        seq: 2,
        at: expect.stringMatching(/Z$/),
        actor: 'admin-token',
        action: 'tenant.patch',
        target_type: 'tenant',
        target_id: 'acme',
        tenant_id: 'acme',
        before,
        after: changed.body,
        request_id: changed.headers.get('x-request-id'),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect((await client.ask(auditOperations.verify)).body).toEqual({
      is_intact: true,
      entries: 2,
      head_hash: body.data[0]?.hash,
      fault: null,
    });
  });

  it('has none for a change that was refused, or only tried', async () => {
    const params = { tenant_id: 'acme' };
    const { etag } = await client.ask(tenantOperations.read, { params });
    const actions = await world.actions();
    await client.refusal(tenantOperations.patch, { params, ifMatch: '"1"', body: {} });
    await client.refusal(tenantOperations.create, { body: { id: 'acme' } });
    await client.refusal(tenantOperations.replacePolicy, {
      params,
      ifMatch: etag,
      body: { allowed_models: ['none-such'] },
    });
    await client.ask(tenantOperations.replacePolicy, {
      params,
      ifMatch: etag,
      query: { dry_run: 'true' },
      body: {},
    });
    expect(await world.actions()).toEqual(actions);
  });

  it('takes the change back with an entry that cannot be written', async () => {
    await world.pool.query('REVOKE INSERT ON audit_log FROM tollgate_admin');
    expect(await client.refusal(tenantOperations.create, { body: { id: 'unseen' } })).toEqual([
      500,
      'internal_error',
    ]);
    await world.pool.query('GRANT INSERT ON audit_log TO tollgate_admin');
    expect(await client.refusal(tenantOperations.read, { params: { tenant_id: 'unseen' } })).toEqual([
      404,
      'tenant_not_found',
    ]);
  });

  it('is filtered and paged, and takes no SQL', async () => {
    const params = { tenant_id: 'acme' };
    for (const name of ['a', 'b', 'c']) await client.ask(keyOperations.create, { params, body: { name } });
    const page = await client.ask(auditOperations.list, { query: { action: 'key.create', limit: '2' } });
    const rest = await client.ask(auditOperations.list, {
      query: { action: 'key.create', limit: '2', cursor: page.body.next_cursor ?? '' },
    });
    const names = [...page.body.data, ...rest.body.data].map(({ after }) => after?.['name']);
    expect([names, rest.body.next_cursor]).toEqual([['c', 'b', 'a'], null]);
    const none = await client.ask(auditOperations.list, { query: { tenant_id: "acme' OR '1'='1" } });
    expect(none.body.data).toEqual([]);
    const before = await client.ask(auditOperations.list, { query: { until: '2000-01-01T00:00:00+02:00' } });
    expect(before.body.data).toEqual([]);
    for (const query of [{ since: 'yesterday' }, { cursor: Buffer.from('["x"]').toString('base64url') }])
      expect(await client.refusal(auditOperations.list, { query })).toEqual([400, 'invalid_request']);
  });

  it('shows that somebody was at it', async () => {
    await world.pool.query('ALTER TABLE audit_log DISABLE TRIGGER ALL');
    await world.pool.query(`UPDATE audit_log SET after = '{}' WHERE seq = 2`);
    expect((await client.ask(auditOperations.verify)).body).toMatchObject({
      is_intact: false,
      entries: 1,
      fault: { seq: 2, kind: 'changed' },
    });
  });
});
