import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, createTestPool, type TestDatabase } from '@tollgate/database/testing';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from './transaction.js';

describe('inTransaction', () => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createTestPool(database);
    await pool.query('CREATE TABLE counted (n integer)');
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });
  const count = async (): Promise<number | null> => (await pool.query('SELECT n FROM counted')).rowCount;

  it('commits, rolls back when the work says so, and rolls back when it fails', async () => {
    const insert = (isCommitted: boolean): Promise<string> =>
      inTransaction(pool, async (client) => {
        await client.query('INSERT INTO counted VALUES (1)');
        return { isCommitted, result: 'done' };
      });
    expect([await insert(true), await insert(false), await count()]).toEqual(['done', 'done', 1]);
    await expect(
      inTransaction(pool, async (client) => {
        await client.query('INSERT INTO counted VALUES (1)');
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await count()).toBe(1);
  });

  it('is a part of the transaction that is under way on a connection', async () => {
    const before = await count();
    const insert = async (client: PoolClient, isCommitted: boolean): Promise<void> =>
      inTransaction(client, async (same) => {
        await same.query('INSERT INTO counted VALUES (1)');
        return { isCommitted, result: undefined };
      });
    await inTransaction(pool, async (client) => {
      await insert(client, true);
      await insert(client, false);
      return { isCommitted: true, result: undefined };
    });
    expect(await count()).toBe((before ?? 0) + 1);
    await inTransaction(pool, async (client) => {
      await insert(client, true);
      return { isCommitted: false, result: undefined };
    });
    expect(await count()).toBe((before ?? 0) + 1);
  });

  it('outlives a connection that breaks between two statements, and gives it to nobody else', async () => {
    const broken = inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const gone = new Promise((resolve) => client.once('end', resolve));
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      await gone;
      await client.query('INSERT INTO counted VALUES (1)');
      return { isCommitted: true, result: undefined };
    });
    const before = await count();
    await expect(broken).rejects.toThrow();
    expect(await count()).toBe(before);
  });
});
