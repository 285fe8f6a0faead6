import { connect } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createTestDatabase, createTestPool, type TestDatabase } from '@tollgate/database/testing';
import { tenantOperations } from '@tollgate/admin-contract';
import { AdminClient } from './testing/admin-client.js';
import { AdminProcess, runToExit } from './testing/admin-process.js';
import { VERSION } from './version.js';

jest.setTimeout(90_000);

const TOKEN = 'an-admin-token-of-more-than-32-characters';

describe('the admin API as a service', () => {
  let database: TestDatabase;
  let admin: AdminProcess;

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = await AdminProcess.start({
      ENV: 'prod',
      DATABASE_URL: database.adminUrl,
      ADMIN_TOKEN: TOKEN,
      TENANT_LLM_CONFIG_SOURCE: 'database',
    });
  });
  afterAll(async () => {
    await admin.stop('SIGKILL');
    await database.drop();
  });

  it('says how it is, and counts what operators ask for', async () => {
    const health = await fetch(`${admin.url}/health`);
    expect(await health.json()).toEqual({
      status: 'healthy',
      timestamp: expect.any(String),
      version: VERSION,
      components: { database: { status: 'up', latency_ms: expect.any(Number) } },
    });
    for (const check of ['ready', 'live'])
      expect((await fetch(`${admin.url}/health/${check}`)).status).toBe(200);
    const client = new AdminClient(admin.url, TOKEN);
    await client.ask(tenantOperations.list);
    await client.refusal(tenantOperations.read, { params: { tenant_id: 'nobody' } });
    await client.refusal(tenantOperations.list, { token: 'wrong' });
    const metrics = await (await fetch(`${admin.url}/metrics`)).text();
    expect(metrics).toContain('tollgate_admin_requests_total{operation="listTenants",outcome="ok"} 1');
    expect(metrics).toContain(
      'tollgate_admin_requests_total{operation="readTenant",outcome="tenant_not_found"} 1',
    );
    expect(metrics).toContain('tollgate_admin_refused_logins_total 1');
    expect(metrics).toContain('tollgate_admin_seconds_count{operation="listTenants"} 1');
  });

  it('answers what is no HTTP, no path and no method of it by a problem', async () => {
    const { hostname, port } = new URL(admin.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.end('NONSENSE\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*application\/problem\+json/);
    for (const [path, method, status] of [
      ['/admin/v1/nothing', 'GET', 404],
      ['/admin/v1/tenants/%zz', 'GET', 400],
      ['/admin/v1/tenants', 'DELETE', 405],
    ] as const) {
      const answer = await fetch(admin.url + path, { method });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        status,
        'application/problem+json; charset=utf-8',
      ]);
    }
  });

  it('finishes what is under way when it is told to stop, and exits with 0', async () => {
    const pool = createTestPool(database);
    const client = new AdminClient(admin.url, TOKEN);
    const locker = await pool.connect();
    await locker.query("BEGIN; SELECT pg_advisory_xact_lock(hashtext('tollgate_admin_change'))");
    const creating = client.ask(tenantOperations.create, { body: { id: 'late' } });
    const isWaiting = async (): Promise<boolean> =>
      ((await pool.query("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")).rowCount ?? 0) >
      0;
    while (!(await isWaiting()));
    const stopped = admin.stop();
    const ready = async (): Promise<number> => (await fetch(`${admin.url}/health/ready`)).status;
    while ((await ready()) !== 503);
    expect(await client.refusal(tenantOperations.list)).toEqual([503, 'draining']);
    await locker.query('COMMIT');
    locker.release();
    expect((await creating).body).toMatchObject({ id: 'late' });
    expect(await stopped).toBe(0);
    await pool.end();
  });
});

describe('an admin API that must not start', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('names every missing piece in strict mode, exits with 78 and prints no value', async () => {
    expect(
      await runToExit({ ENV: 'prod', ADMIN_TOKEN: 'short-secret', ADMIN_OIDC_AUDIENCE: 'secret-audience' }),
    ).toEqual({
      code: 78,
      err: [
        'The configuration has 4 problem(s):',
        '  StoreConfigurationError DATABASE_URL: there are no tenants, tokens and audit without a database. Set it to a Postgres URL.',
        '  ConfigurationError ADMIN_OIDC_ISSUER: OIDC is set in part. Set it, or none of ADMIN_OIDC_ISSUER, ADMIN_OIDC_AUDIENCE, ADMIN_OIDC_JWKS_URL.',
        '  ConfigurationError ADMIN_OIDC_JWKS_URL: OIDC is set in part. Set it, or none of ADMIN_OIDC_ISSUER, ADMIN_OIDC_AUDIENCE, ADMIN_OIDC_JWKS_URL.',
        '  ConfigurationError ADMIN_TOKEN: it is short enough to be guessed. Set it to 32 or more random characters: openssl rand -base64 32.',
        '',
      ].join('\n'),
    });
  });

  it('refuses the user of a gateway, and in strict mode the owner of the database', async () => {
    const gateway = await runToExit({ DATABASE_URL: database.gatewayUrl });
    expect(gateway).toMatchObject({
      code: 78,
      err: expect.stringContaining('not a member of tollgate_admin'),
    });
    const owner = await runToExit({ ENV: 'prod', ADMIN_TOKEN: TOKEN, DATABASE_URL: database.url });
    expect(owner).toMatchObject({
      code: 78,
      err: expect.stringContaining('row-level security does not bind'),
    });
  });
});
