import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keyOperations, tenantOperations } from '@tollgate/admin-contract';
import { AdminWorld } from '../testing/admin-world.js';
import type { AdminClient } from '../testing/admin-client.js';

describe('a POST that is sent again', () => {
  let world: AdminWorld;
  let client: AdminClient;
  const params = { tenant_id: 'acme' };

  beforeAll(async () => {
    world = await AdminWorld.create();
    client = world.client;
    await client.ask(tenantOperations.create, { body: { id: 'acme' } });
  });
  afterAll(() => world.close());

  const countOf = async (table: 'tenants' | 'api_keys' | 'audit_log'): Promise<number> =>
    (await world.pool.query(`SELECT FROM ${table}`)).rowCount ?? 0;

  it('gets the same bytes, and does nothing again', async () => {
    const request = { body: { id: 'once', budget_usd: '1' }, idempotencyKey: 'one' };
    const first = await client.ask(tenantOperations.create, request);
    const audited = await countOf('audit_log');
    const again = await client.ask(tenantOperations.create, request);
    expect([again.text, again.status, again.etag]).toEqual([first.text, first.status, first.etag]);
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(await countOf('audit_log')).toBe(audited);
  });

  it('is done once, however many are under way at the same time', async () => {
    const before = await countOf('api_keys');
    const request = { params, body: { name: 'raced' }, idempotencyKey: 'raced' };
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => client.ask(keyOperations.create, request)),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ body }) => body.secret !== null)).toHaveLength(1);
    expect(await countOf('api_keys')).toBe(before + 1);
  });

  it('does not get a secret a second time, which is kept nowhere', async () => {
    const request = { params, body: { name: 'secret' }, idempotencyKey: 'secret' };
    const first = await client.ask(keyOperations.create, request);
    const again = await client.ask(keyOperations.create, request);
    expect(again.body).toEqual({ ...first.body, secret: null });
    const { rows } = await world.pool.query('SELECT * FROM idempotency_records, audit_log, api_keys');
    expect(JSON.stringify(rows)).not.toContain(first.body.secret?.slice(-43));
    expect(world.log.join('')).not.toContain(first.body.secret?.slice(-43));
  });

  it.each<[string, object]>([
    ['body', { params, body: { name: 'b' } }],
    ['tenant', { params: { tenant_id: 'once' }, body: { name: 'a' } }],
  ])('is refused when it is for another %s', async (what, other) => {
    const idempotencyKey = `reused-${what}`;
    await client.ask(keyOperations.create, { params, body: { name: 'a' }, idempotencyKey });
    expect(await client.refusal(keyOperations.create, { ...other, idempotencyKey })).toEqual([
      422,
      'idempotency_key_reused',
    ]);
  });

  it('may use the same key as another operator', async () => {
    const operator = await world.clientAs('operator');
    const request = { params, idempotencyKey: 'shared' };
    const mine = await client.ask(keyOperations.create, { ...request, body: { name: 'mine' } });
    const theirs = await operator.ask(keyOperations.create, { ...request, body: { name: 'theirs' } });
    expect(theirs.body.id).not.toBe(mine.body.id);
  });

  it('is done when the first try was refused', async () => {
    const request = { params: { tenant_id: 'later' }, body: {}, idempotencyKey: 'later' };
    expect(await client.refusal(keyOperations.create, request)).toEqual([404, 'tenant_not_found']);
    await client.ask(tenantOperations.create, { body: { id: 'later' } });
    expect((await client.ask(keyOperations.create, request)).headers.get('idempotency-replayed')).toBeNull();
  });

  it('is new again after a day', async () => {
    const request = { params, body: { name: 'old' }, idempotencyKey: 'old' };
    const first = await client.ask(keyOperations.create, request);
    await world.pool.query("UPDATE idempotency_records SET created_at = now() - interval '25 hours'");
    expect((await client.ask(keyOperations.create, request)).body.id).not.toBe(first.body.id);
  });

  it.each([null, '', 'with blanks', 'x'.repeat(256), 'ü'])(
    'needs a key, and %j is none',
    async (idempotencyKey) => {
      expect(await client.refusal(keyOperations.create, { params, body: {}, idempotencyKey })).toEqual([
        400,
        'idempotency_key_required',
      ]);
    },
  );
});
