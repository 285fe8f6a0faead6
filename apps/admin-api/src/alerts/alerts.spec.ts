import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alertOperations, tenantOperations } from '@tollgate/admin-contract';
import { AdminWorld } from '../testing/admin-world.js';
import type { AdminClient } from '../testing/admin-client.js';

const { list, create, read, patch, delete: remove, test, listDeliveries, retryDelivery } = alertOperations;

describe('webhook endpoints', () => {
  let world: AdminWorld;
  let client: AdminClient;

  beforeAll(async () => {
    world = await AdminWorld.create();
    client = world.client;
    await client.ask(tenantOperations.create, { body: { id: 'acme' } });
  });
  afterAll(() => world.close());

  it('are made with a secret that is shown once and stands in no audit', async () => {
    const request = { body: { url: 'https://hooks.example/x', tenant_id: 'acme' }, idempotencyKey: 'one' };
    const { body, etag } = await client.ask(create, request);
    const { secret, ...shown } = body;
    expect(secret).toMatch(/^whsec_/);
    expect(shown).toEqual({
      id: expect.any(String),
      tenant_id: 'acme',
      url: 'https://hooks.example/x',
      thresholds: [50, 80, 100],
      is_enabled: true,
      created_at: expect.stringMatching(/Z$/),
    });
    expect((await client.ask(create, request)).body).toEqual({ ...shown, secret: null });
    const again = await client.ask(read, { params: { endpoint_id: body.id } });
    expect([again.body, again.etag]).toEqual([shown, etag]);
    const { rows } = await world.pool.query('SELECT * FROM audit_log, idempotency_records');
    expect(JSON.stringify(rows) + world.log.join('')).not.toContain(secret);
  });

  it('are changed and deleted by edition', async () => {
    const { body, etag } = await client.ask(create, { body: { url: 'https://hooks.example/y' } });
    const params = { endpoint_id: body.id };
    const changed = await client.ask(patch, {
      params,
      ifMatch: etag,
      body: { is_enabled: false, thresholds: [100] },
    });
    expect(changed.body).toMatchObject({ is_enabled: false, thresholds: [100], url: body.url });
    expect(await client.refusal(patch, { params, ifMatch: etag, body: {} })).toEqual([
      412,
      'precondition_failed',
    ]);
    expect(await client.refusal(remove, { params, ifMatch: etag })).toEqual([412, 'precondition_failed']);
    await client.ask(remove, { params, ifMatch: changed.etag });
    expect(await client.refusal(read, { params })).toEqual([404, 'webhook_endpoint_not_found']);
    expect((await world.actions()).slice(-3)).toEqual([
      'webhook_endpoint.create',
      'webhook_endpoint.patch',
      'webhook_endpoint.delete',
    ]);
  });

  it.each(['ftp://x', 'https://me:secret@hooks.example', 'not a url', ''])(
    'are not made for %j, which is not repeated',
    async (url) => {
      const { status, body, text } = await client.problem(create, { body: { url } });
      expect([status, body.code]).toEqual([400, 'invalid_request']);
      expect(text).not.toContain('secret');
    },
  );

  it('are listed by whose alerts they get', async () => {
    await client.ask(create, { body: { url: 'https://hooks.example/all' } });
    await client.ask(create, { body: { url: 'https://hooks.example/globex', tenant_id: 'globex' } });
    const { body } = await client.ask(list, { query: { tenant_id: 'acme' } });
    expect(body.data.map(({ url }) => new URL(url).pathname)).toEqual(['/x', '/all']);
    const first = await client.ask(list, { query: { limit: '1' } });
    const cursor = first.body.next_cursor ?? '';
    expect((await client.ask(list, { query: { limit: '1', cursor } })).body.data[0]?.url).toContain('/all');
  });

  it('get a test message, and log what came of it', async () => {
    const { body } = await client.ask(create, { body: { url: 'https://127.0.0.1:1/' } });
    const params = { endpoint_id: body.id };
    const sent = await client.ask(test, { params });
    expect(sent.body).toMatchObject({ type: 'webhook.test', data: {} });
    const log = await client.ask(listDeliveries, { params });
    expect(log.body.data.map(({ id }) => id)).toEqual([sent.body.id]);
    const delivery = { ...params, delivery_id: sent.body.id };
    expect((await client.ask(retryDelivery, { params: delivery })).body.state).toBe('pending');
    const { body: page } = await client.ask(list);
    const other = { endpoint_id: page.data[0]?.id ?? '', delivery_id: sent.body.id };
    expect(await client.refusal(retryDelivery, { params: other })).toEqual([
      404,
      'webhook_delivery_not_found',
    ]);
  });
});
