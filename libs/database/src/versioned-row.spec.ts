import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { createTestDatabase, createTestPool, type TestDatabase } from './testing/test-database.js';
import { StaleRowError, deleteRow, findRowVersion, updateRow } from './versioned-row.js';

describe('a row with an edition', () => {
  let database: TestDatabase;
  let pool: Pool;
  const place = { table: 'tenants', key: { id: 'acme' } };

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createTestPool(database);
    await pool.query("INSERT INTO tenants (id, default_model) VALUES ('acme', 'gpt-4o')");
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const version = async (): Promise<number> => (await findRowVersion(pool, place)) ?? 0;

  it('is changed by exactly one of those who race for the same edition', async () => {
    const seen = await version();
    const races = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((model) => updateRow(pool, place, seen, { default_model: model })),
    );
    const won = races.filter(({ status }) => status === 'fulfilled');
    const lost = races.flatMap((race) => (race.status === 'rejected' ? [race.reason as unknown] : []));
    expect([won.length, lost.length]).toEqual([1, 3]);
    for (const error of lost) expect(error).toEqual(new StaleRowError(await version()));
  });

  it('gets a new edition even by a change that sets nothing', async () => {
    const seen = await version();
    expect(await updateRow(pool, place, seen, {})).toBe(true);
    expect(await version()).toBeGreaterThan(seen);
  });

  it('loses what is set to undefined', async () => {
    await updateRow(pool, place, await version(), { default_model: undefined });
    expect((await pool.query('SELECT default_model FROM tenants')).rows).toEqual([{ default_model: null }]);
  });

  it('is deleted in its latest edition only, and told apart from one that is not there', async () => {
    await expect(deleteRow(pool, place, 1)).rejects.toMatchObject({ currentVersion: await version() });
    expect(await deleteRow(pool, place, await version())).toBe(true);
    expect(await deleteRow(pool, place, 1)).toBe(false);
    expect(await updateRow(pool, place, 1, {})).toBe(false);
    expect(await findRowVersion(pool, { table: 'tenants', key: { id: "' OR true --" } })).toBeUndefined();
  });
});
