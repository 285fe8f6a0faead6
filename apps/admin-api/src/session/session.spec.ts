import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  operatorOperations,
  sessionOperations,
  tenantOperations,
  type Operation,
} from '@tollgate/admin-contract';
import { ADMIN_TOKEN, AdminWorld } from '../testing/admin-world.js';
import type { AdminClient, Problem } from '../testing/admin-client.js';

const { open, read, close } = sessionOperations;

interface Opened {
  readonly cookie: string;
  readonly csrf: string;
  readonly header: string;
}

const cookieOf = (headers: Headers): string => headers.get('set-cookie') ?? '';

async function login(client: AdminClient, token = ADMIN_TOKEN, headers = {}): Promise<Opened> {
  const { body, headers: answered } = await client.ask(open, { token: null, body: { token }, headers });
  const header = cookieOf(answered);
  return { cookie: header.split(';', 1)[0] ?? '', csrf: body.csrf_token, header };
}

describe('a session of the console', () => {
  let world: AdminWorld;
  let client: AdminClient;

  beforeAll(async () => {
    world = await AdminWorld.create();
    client = world.client;
  });
  afterAll(() => world.close());

  const code = async (operation: Operation, headers: Record<string, string>, body?: object) =>
    ((await client.send(operation, { token: null, headers, body })).body as Problem | undefined)?.code;

  it('is opened with a token, and kept in a cookie that no script and no other site gets', async () => {
    const { body, headers } = await client.ask(open, { token: null, body: { token: ADMIN_TOKEN } });
    expect(body).toEqual({
      name: 'admin-token',
      role: 'admin',
      expires_at: expect.stringMatching(/Z$/),
      csrf_token: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(Date.parse(body.expires_at) - Date.now()).toBeGreaterThan(7.9 * 3_600_000);
    expect(cookieOf(headers)).toMatch(
      /^tollgate_session=[\w-]{43}; Path=\/admin; HttpOnly; SameSite=Strict; Max-Age=28\d{3}$/,
    );
    const cookie = cookieOf(headers).split(';', 1)[0] ?? '';
    const again = await client.ask(read, { token: null, headers: { cookie } });
    expect(again.body).toEqual(body);
    const { rows } = await world.pool.query('SELECT * FROM operator_sessions');
    const secret = cookie.split('=')[1] ?? 'none';
    expect(JSON.stringify(rows) + world.log.join('')).not.toContain(secret);
  });

  it('goes over TLS only where that is there', async () => {
    const { header } = await login(client, ADMIN_TOKEN, { 'x-forwarded-proto': 'https' });
    expect(header).toMatch(/; Secure$/);
  });

  it('reads with the cookie alone, and changes nothing without the token against forgery', async () => {
    const { cookie, csrf } = await login(client);
    expect((await client.ask(tenantOperations.list, { token: null, headers: { cookie } })).body.data).toEqual(
      [],
    );
    const other = await login(client);
    const body = { id: 'acme' };
    for (const headers of [
      { cookie },
      { cookie, 'x-csrf-token': '' },
      { cookie, 'x-csrf-token': other.csrf },
      { cookie, 'x-csrf-token': `${csrf}x` },
    ])
      expect(await code(tenantOperations.create, headers, body)).toBe('csrf_token_invalid');
    expect(await code(close, { cookie })).toBe('csrf_token_invalid');
    const { rows } = await world.pool.query('SELECT * FROM tenants');
    expect(rows).toEqual([]);
    await client.ask(tenantOperations.create, {
      token: null,
      headers: { cookie, 'x-csrf-token': csrf },
      body,
    });
    expect(await world.actions()).toEqual(['tenant.create']);
  });

  it('cannot be opened by the form of another site', async () => {
    const answer = await fetch(`${world.url}/admin/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify({ token: ADMIN_TOKEN }),
    });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([415, null]);
  });

  it('never takes a secret that was there before it', async () => {
    const planted = await login(client);
    const own = await login(client, ADMIN_TOKEN, { cookie: planted.cookie });
    expect(own.cookie).not.toBe(planted.cookie);
    expect(await code(read, { cookie: planted.cookie })).toBe('invalid_operator_token');
    const made = `tollgate_session=${'A'.repeat(43)}`;
    expect((await login(client, ADMIN_TOKEN, { cookie: made })).cookie).not.toBe(made);
    expect(await code(read, { cookie: `${own.cookie}; ${made}` })).toBe('invalid_operator_token');
  });

  it('ends everywhere when its operator logs out, and the cookie is forgotten', async () => {
    const { cookie, csrf } = await login(client);
    const closed = await client.ask(close, { token: null, headers: { cookie, 'x-csrf-token': csrf } });
    expect(cookieOf(closed.headers)).toMatch(/^tollgate_session=; .*Max-Age=0$/);
    const { status, body, headers } = await client.problem(read, { token: null, headers: { cookie } });
    expect([status, body.code]).toEqual([401, 'invalid_operator_token']);
    expect(cookieOf(headers)).toMatch(/Max-Age=0$/);
  });

  it('ends when its time is over', async () => {
    const { cookie } = await login(client);
    await world.pool.query("UPDATE operator_sessions SET expires_at = now() - interval '1 s'");
    expect(await code(read, { cookie })).toBe('invalid_operator_token');
    await login(client);
    const { rows } = await world.pool.query('SELECT 1 FROM operator_sessions');
    expect(rows).toHaveLength(1); // what has ended goes
  });

  it('has the role of its token, and ends with it', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const token = await client.ask(operatorOperations.create, {
      body: { name: 'Ada', role: 'viewer', expires_at: soon },
    });
    const { cookie, csrf } = await login(client, token.body.secret ?? '');
    const seen = await client.ask(read, { token: null, headers: { cookie } });
    expect(seen.body).toMatchObject({ name: 'Ada', role: 'viewer', expires_at: soon });
    const headers = { cookie, 'x-csrf-token': csrf };
    expect(await code(tenantOperations.create, headers, { id: 'globex' })).toBe('role_not_allowed');
    await client.ask(operatorOperations.revoke, { params: { token_id: token.body.id }, ifMatch: token.etag });
    expect(await code(tenantOperations.list, { cookie })).toBe('invalid_operator_token');
  });

  it('does not stand in for a token that is wrong', async () => {
    const { cookie } = await login(client);
    expect(await code(tenantOperations.list, { cookie, authorization: 'Bearer wrong' })).toBe(
      'invalid_operator_token',
    );
  });
});

describe('a session of an admin API in strict mode', () => {
  it('has a cookie for TLS alone', async () => {
    const world = await AdminWorld.create({ ENV: 'prod' });
    expect((await login(world.client)).header).toMatch(/; Secure$/);
    await world.close();
  });
});

describe('those who try tokens, or cookies', () => {
  let world: AdminWorld;
  beforeAll(async () => {
    world = await AdminWorld.create();
  });
  afterAll(() => world.close());

  it('are slowed down as everywhere else', async () => {
    const { client } = world;
    const codes: string[] = [];
    for (let i = 0; i < 22; i += 1)
      codes.push((await client.refusal(open, { token: null, body: { token: `wrong-${i}` } }))[1]);
    expect(codes.filter((each) => each === 'invalid_operator_token')).toHaveLength(20);
    expect(codes.at(-1)).toBe('too_many_logins');
    const cookie = `tollgate_session=${'A'.repeat(43)}`;
    const last: string[] = [];
    for (let i = 0; i < 201; i += 1)
      last[0] = (await client.refusal(read, { token: null, headers: { cookie } }))[1];
    expect(last).toEqual(['too_many_logins']);
    expect(world.log.join('')).not.toContain('wrong-');
  });
});
