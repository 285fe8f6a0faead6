import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg, { type Pool } from 'pg';
import { createPostgresPool } from './postgres-pool.js';
import { inspectServiceRole, type ServiceRole } from './service-role.js';
import { createServiceUser } from './service-users.js';
import { createTestDatabase, createTestPool, type TestDatabase } from './testing/test-database.js';

describe('the user of a service', () => {
  const login = `it's "odd" ${randomUUID().slice(0, 8)}`;
  let database: TestDatabase;
  let admin: Pool;
  let url: string;

  const inspect = async (at: string): Promise<ServiceRole> => {
    const pool = createTestPool({ ...database, url: at });
    try {
      return await inspectServiceRole(pool, 'tollgate_gateway');
    } finally {
      await pool.end();
    }
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = createTestPool(database);
    url = await createServiceUser(database.url, 'tollgate_gateway', login, "p'a/ss@w:ord%");
  });
  afterAll(async () => {
    await admin.query(`DROP ROLE ${pg.escapeIdentifier(login)}`);
    await admin.end();
    await database.drop();
  });

  it('is a member of its group, and bound by row-level security', async () => {
    expect(await inspect(url)).toEqual({ isMember: true, unboundBy: [] });
    expect(await inspect(database.offloaderUrl)).toEqual({ isMember: false, unboundBy: [] });
  });

  it('can be made again, with another password', async () => {
    url = await createServiceUser(database.url, 'tollgate_gateway', login, 'other');
    expect(new URL(url).password).toBe('other');
    expect(await inspect(url)).toEqual({ isMember: true, unboundBy: [] });
  });

  it('is told apart from one whom nothing binds', async () => {
    expect(await inspect(database.url)).toEqual({
      isMember: true,
      unboundBy: ['superuser', 'BYPASSRLS', 'owner of the tables'],
    });
    await admin.query(`ALTER ROLE ${pg.escapeIdentifier(login)} BYPASSRLS`);
    expect(await inspect(url)).toEqual({ isMember: true, unboundBy: ['BYPASSRLS'] });
  });

  it('sees no row of a tenant without naming one, and none of another', async () => {
    await admin.query(
      "INSERT INTO checkpoint_tombstones (tenant_id, run_id, version) VALUES ('acme', 'r', 1), ('globex', 'r', 1)",
    );
    const pool = createPostgresPool({
      url: database.gatewayUrl,
      maxConnections: 1,
      connectTimeoutMs: 5000,
      statementTimeoutMs: 5000,
      onIdleError: () => undefined,
    });
    const read = async (): Promise<unknown[]> =>
      (await pool.query<{ tenant_id: string }>('SELECT tenant_id FROM checkpoint_tombstones')).rows;
    try {
      expect(await read()).toEqual([]);
      await pool.query("SELECT set_config('tollgate.tenant_id', 'acme', false)");
      expect(await read()).toEqual([{ tenant_id: 'acme' }]);
      const intruding =
        "INSERT INTO checkpoint_tombstones (tenant_id, run_id, version) VALUES ('globex', 's', 1)";
      await expect(pool.query(intruding)).rejects.toMatchObject({ code: '42501' });
      await expect(pool.query('UPDATE archive_alarms SET cleared_at = now()')).rejects.toMatchObject({
        code: '42501',
      });
      await expect(pool.query('ALTER TABLE checkpoints NO FORCE ROW LEVEL SECURITY')).rejects.toMatchObject({
        code: '42501',
      });
    } finally {
      await pool.end();
    }
  });
});
