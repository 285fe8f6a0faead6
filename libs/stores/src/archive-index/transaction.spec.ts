import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, createTestPool, type TestDatabase } from '@tollgate/database/testing';
import type { Pool } from 'pg';
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

  it('outlives a connection that breaks between two statements, and gives it to nobody else', async () => {
    const broken = inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const gone = new Promise((resolve) => client.once('end', resolve));
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      await gone;
      await client.query('INSERT INTO counted VALUES (1)');
      return { isCommitted: true, result: undefined };
    });
    await expect(broken).rejects.toThrow();
    expect(await count()).toBe(1);
  });
});
