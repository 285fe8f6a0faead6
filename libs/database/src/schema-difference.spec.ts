import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { hasPendingMigrations } from './migrate.js';
import { findSchemaDifference } from './schema-difference.js';
import { createTestDatabase, createTestPool, type TestDatabase } from './testing/test-database.js';

describe('findSchemaDifference', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createTestPool(database);
  });

  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('finds none in a migrated database', async () => {
    expect(await findSchemaDifference(pool)).toEqual({ pending: [], unknown: [] });
    expect(await hasPendingMigrations(database.url)).toBe(false);
  });

  it('names what is lacking, though a newer version has brought as many of its own', async () => {
    await pool.query(
      "UPDATE tollgate_migrations SET name = 'Newer1' WHERE name = 'ModelPolicy1763942400000'",
    );
    expect(await findSchemaDifference(pool)).toEqual({
      pending: ['ModelPolicy1763942400000'],
      unknown: ['Newer1'],
    });
    expect(await hasPendingMigrations(database.url)).toBe(true);
  });

  it('names all in an empty database', async () => {
    await pool.query('DROP TABLE tollgate_migrations');
    expect(await findSchemaDifference(pool)).toEqual({
      pending: [
        'Ledger1763856000000',
        'Tenants1763856000001',
        'ModelPolicy1763942400000',
        'Attempts1764028800000',
        'Checkpoints1764115200000',
        'Admin1764205200000',
        'Billing1764374400000',
        'Console1764460800000',
      ],
      unknown: [],
    });
  });
});
