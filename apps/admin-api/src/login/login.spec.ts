import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  OPERATIONS,
  ROLES,
  isRepeatable,
  operatorOperations,
  tenantOperations,
  type Role,
} from '@tollgate/admin-contract';
import { AdminWorld } from '../testing/admin-world.js';
import type { AdminClient } from '../testing/admin-client.js';

const PARAMS = { tenant_id: 'acme', key_id: 'abcdefghijkl', agent_id: 'planner', token_id: 'abcdefghijkl' };

describe('operators', () => {
  let world: AdminWorld;
  let client: AdminClient;

  beforeAll(async () => {
    world = await AdminWorld.create();
    client = world.client;
  });
  afterAll(() => world.close());

  it.each(ROLES)('with the role %s may do what it may, and nothing above', async (role: Role) => {
    const own = await world.clientAs(role);
    for (const operation of OPERATIONS) {
      const { status, body } = await own.send(operation, {
        params: PARAMS,
        ifMatch: '"1"',
        body: operation.body && {},
      });
      const isRefused = status === 403 && (body as { code?: string }).code === 'role_not_allowed';
      const mayNot = ROLES.indexOf(role) < ROLES.indexOf(operation.role);
      expect([
        operation.id,
        status === 404 && JSON.stringify(body).includes('route_not_found'),
        isRefused,
      ]).toEqual([operation.id, false, mayNot]);
    }
  });

  it('are asked for a token by every operation', async () => {
    for (const operation of OPERATIONS.filter(({ isOpen }) => !isOpen)) {
      const { status, body, headers } = await client.problem(operation, { params: PARAMS, token: null });
      expect([status, body.code, headers.get('www-authenticate')]).toEqual([
        401,
        'invalid_operator_token',
        'Bearer',
      ]);
    }
    expect(OPERATIONS.filter(isRepeatable).length).toBeGreaterThan(5);
  });

  it('are told who they are', async () => {
    expect((await client.ask(operatorOperations.readSelf)).body).toEqual({
      id: 'admin-token',
      role: 'admin',
    });
    const viewer = await world.clientAs('viewer');
    expect((await viewer.ask(operatorOperations.readSelf)).body).toEqual({
      id: expect.stringMatching(/^token:[0-9A-Za-z]{12}$/),
      role: 'viewer',
    });
  });

  it('have tokens that end, are revoked at once, and of which nothing but a hash is kept', async () => {
    const { body, etag } = await client.ask(operatorOperations.create, {
      body: { name: 'ci', role: 'operator', expires_at: '2999-01-01T00:00:00+01:00' },
    });
    const { secret, ...shown } = body;
    expect(secret).toMatch(/^tgo_[0-9A-Za-z]{12}_[\w-]{43}$/);
    expect(shown).toMatchObject({
      status: 'active',
      created_by: 'admin-token',
      expires_at: '2998-12-31T23:00:00.000Z',
    });
    const own = client.as(secret ?? '');
    await own.ask(tenantOperations.list);
    const params = { token_id: body.id };
    const used = await client.ask(operatorOperations.read, { params });
    expect(used.body.last_used_at).toMatch(/Z$/);
    expect(used.etag).toBe(etag); // being used is no change
    const dump = await world.pool.query('SELECT * FROM operator_tokens, audit_log, idempotency_records');
    expect(JSON.stringify(dump.rows)).not.toContain(secret?.slice(-43));
    await client.ask(operatorOperations.revoke, { params, ifMatch: etag });
    expect(await own.refusal(tenantOperations.list)).toEqual([401, 'invalid_operator_token']);

    const soon = await client.ask(operatorOperations.create, { body: { name: 'old', role: 'admin' } });
    await world.pool.query("UPDATE operator_tokens SET expires_at = now() - interval '1 s' WHERE id = $1", [
      soon.body.id,
    ]);
    expect(await client.refusal(tenantOperations.list, { token: soon.body.secret })).toEqual([
      401,
      'invalid_operator_token',
    ]);
    const { body: list } = await client.ask(operatorOperations.list);
    expect(Object.fromEntries(list.data.map(({ name, status }) => [name, status]))).toMatchObject({
      ci: 'revoked',
      old: 'expired',
    });
  });

  it.each([
    ['a secret of another token', (good: string, other: string) => good.slice(0, 17) + other.slice(17)],
    ['a wrong last character', (good: string) => good.slice(0, -1) + (good.endsWith('A') ? 'B' : 'A')],
    ['a longer token', (good: string) => `${good}A`],
    ['the public part alone', (good: string) => good.slice(0, 16)],
    ['the key of a tenant', (good: string) => good.replace('tgo_', 'tg_')],
    ['SQL', () => "' OR 1=1 --"],
    ['a huge token', () => 'x'.repeat(10_000)],
  ])('are not let in by %s', async (_, forge) => {
    const create = async (): Promise<string> =>
      (await client.ask(operatorOperations.create, { body: { name: 'x', role: 'admin' } })).body.secret ?? '';
    const forged = forge(await create(), await create());
    expect(await client.refusal(tenantOperations.list, { token: forged })).toEqual([
      401,
      'invalid_operator_token',
    ]);
  });

  it('may not raise themselves: only admins make tokens', async () => {
    const operator = await world.clientAs('operator');
    expect(
      await operator.refusal(operatorOperations.create, { body: { name: 'me', role: 'admin' } }),
    ).toEqual([403, 'role_not_allowed']);
  });
});

describe('logins that are refused again and again', () => {
  let world: AdminWorld;
  beforeAll(async () => {
    world = await AdminWorld.create();
  });
  afterAll(() => world.close());

  it('are not looked at any more, while a token that has proved good goes on', async () => {
    const { client } = world;
    const good = await world.clientAs('viewer');
    const unused = await world.clientAs('viewer');
    await good.ask(tenantOperations.list);
    const codes: string[] = [];
    for (let i = 0; i < 25; i += 1)
      codes.push((await client.refusal(tenantOperations.list, { token: `wrong-${i}` }))[1]);
    expect(codes.filter((code) => code === 'invalid_operator_token')).toHaveLength(20);
    const throttled = await unused.problem(tenantOperations.list);
    expect([throttled.status, throttled.body.code]).toEqual([429, 'too_many_logins']);
    expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(0);
    await good.ask(tenantOperations.list);
    expect(world.log.join('')).not.toContain('wrong-');
  });
});
