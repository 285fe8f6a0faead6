import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresPool } from '@tollgate/database';
import { createTestDatabase, createTestPool, type TestDatabase } from '@tollgate/database/testing';
import type { Pool } from 'pg';
import { draftOf, putOptions } from '../testing/draft-of.js';
import { PostgresCheckpointStore } from './postgres-checkpoint-store.js';

const TENANT_TABLES = ['checkpoints', 'checkpoint_history', 'checkpoint_offloads', 'checkpoint_usage'];

describe('the table of checkpoints', () => {
  let database: TestDatabase;
  let gateway: Pool;
  let admin: Pool;
  let store: PostgresCheckpointStore;
  beforeAll(async () => {
    database = await createTestDatabase();
    gateway = createTestPool({ url: database.gatewayUrl });
    admin = createTestPool(database);
    store = new PostgresCheckpointStore(gateway);
  });
  afterAll(async () => {
    await Promise.all([gateway.end(), admin.end()]);
    await database.drop();
  });

  it('takes steps as HOT updates: no index is written', async () => {
    const document = (): string => JSON.stringify({ step: randomBytes(400).toString('base64') });
    for (let step = 0; step < 200; step += 1)
      for (const run of ['a', 'b', 'c'])
        await store.put('acme', run, draftOf(document(), { nextStepIndex: step }), putOptions());
    await gateway.query('SELECT pg_stat_force_next_flush()'); // on the one connection that was used
    const { rows } = await admin.query<{ updates: number; hot: number }>(
      `SELECT n_tup_upd::int AS updates, n_tup_hot_upd::int AS hot FROM pg_stat_user_tables WHERE relname = 'checkpoints'`,
    );
    expect(rows[0]?.updates).toBe(3 * 199);
    expect((rows[0]?.hot ?? 0) / (rows[0]?.updates ?? 1)).toBeGreaterThan(0.8);
  });

  it('shows a tenant its own rows alone, and none to who names no tenant', async () => {
    const DONE = draftOf('{}', { status: 'completed' });
    for (const tenant of ['acme', 'globex'])
      for (let n = 0; n < 2; n += 1) await store.put(tenant, 'run', DONE, putOptions({ keepVersions: 2 }));
    const client = await gateway.connect();
    try {
      const tenantsIn = async (table: string): Promise<string[]> =>
        (await client.query<{ t: string }>(`SELECT DISTINCT tenant_id AS t FROM ${table}`)).rows.map(
          ({ t }) => t,
        );
      for (const table of TENANT_TABLES) expect([table, await tenantsIn(table)]).toEqual([table, []]);
      await client.query("SELECT set_config('tollgate.tenant_id', 'globex', false)");
      for (const table of TENANT_TABLES) expect([table, await tenantsIn(table)]).toEqual([table, ['globex']]);
      const { rowCount } = await client.query("UPDATE checkpoints SET version = 9 WHERE tenant_id = 'acme'");
      expect(rowCount).toBe(0);
      await client.query("SELECT set_config('tollgate.tenant_id', '', false)");
    } finally {
      client.release();
    }
  });

  it('is not found by the tenant that the call before named on the same connection', async () => {
    await store.get('acme', 'run');
    const { rows } = await gateway.query('SELECT 1 FROM checkpoints');
    expect(rows).toEqual([]);
  });

  it('says that it cannot be reached, and works again when it can', async () => {
    const url = new URL(database.gatewayUrl);
    url.port = '1';
    const pool = createPostgresPool({
      url: url.href,
      maxConnections: 1,
      connectTimeoutMs: 500,
      statementTimeoutMs: 500,
      onIdleError: () => undefined,
    });
    const away = new PostgresCheckpointStore(pool);
    const unavailable = { code: 'checkpoint_store_unavailable', retryAfterMs: 1000 };
    await expect(away.get('acme', 'run')).rejects.toMatchObject(unavailable);
    await expect(away.put('acme', 'run', draftOf('{}'), putOptions())).rejects.toMatchObject(unavailable);
    await pool.end();
    const { rows } = await gateway.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const ended = once(gateway, 'error');
    await admin.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    expect(await store.get('acme', 'run')).toMatchObject({ source: 'live' });
  });
});
