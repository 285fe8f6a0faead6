import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { budgetOperations, tenantOperations } from '@tollgate/admin-contract';
import { createTestPool } from '@tollgate/database/testing';
import { eventually } from '../testing/eventually.js';
import { AdminWorld } from '../testing/admin-world.js';

describe('changes', () => {
  let world: AdminWorld;
  beforeAll(async () => {
    world = await AdminWorld.create();
  });
  afterAll(() => world.close());

  it('that wait for each other keep nobody from reading, and are all made', async () => {
    const { client } = world;
    const locker = await world.pool.connect();
    await locker.query("BEGIN; SELECT pg_advisory_xact_lock(hashtext('tollgate_admin_change'))");
    const ids = Array.from({ length: 30 }, (_, i) => `waiting-${i}`);
    const creating = ids.map((id) => client.ask(tenantOperations.create, { body: { id } }));
    await eventually(
      async () => world.pool.query("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"),
      ({ rowCount }) => expect(rowCount).toBe(1),
    );
    await client.ask(tenantOperations.list);
    expect((await fetch(`${world.url}/health/ready`)).status).toBe(200);
    await locker.query('COMMIT');
    locker.release();
    const created = await Promise.all(creating);
    const changing = created.map(({ body, etag }) =>
      client.ask(budgetOperations.replace, {
        params: { tenant_id: body.id },
        ifMatch: etag,
        body: { budget_usd: '1' },
      }),
    );
    expect((await Promise.all(changing)).map(({ body }) => body.budget_usd)).toEqual(ids.map(() => '1'));
  });

  it('are refused while the database is away, and go on when it is back', async () => {
    const { client, pool } = world;
    const name = new URL(world.database.url).pathname.slice(1);
    const server = createTestPool({ url: new URL('/postgres', world.database.url).href });
    const hangUp = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND usename LIKE '%admin'`;
    await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await server.query(hangUp);
    expect(await client.refusal(tenantOperations.create, { body: { id: 'later' } })).toEqual([
      503,
      'database_unavailable',
    ]);
    expect((await fetch(`${world.url}/health/ready`)).status).toBe(503);
    await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await client.ask(tenantOperations.create, { body: { id: 'later' } });
    expect((await pool.query("SELECT FROM audit_log WHERE target_id = 'later'")).rowCount).toBe(1);
    await server.end();
  });
});
