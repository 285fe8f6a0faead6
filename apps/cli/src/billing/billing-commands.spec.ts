import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, createTestPool, type TestDatabase } from '@tollgate/database/testing';
import { monthOf } from '@tollgate/domain';
import { fillLedger } from '@tollgate/stores';
import type { Pool } from 'pg';
import { spawnCommandLine } from '../testing/spawn-command-line.js';

describe('billing', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createTestPool(database);
    await fillLedger(pool, { tenantId: 'acme', month: '2025-02', count: 200 });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const run = (...args: string[]): ReturnType<typeof spawnCommandLine> =>
    spawnCommandLine({ DATABASE_URL: database.url }, ['billing', ...args]);

  it('rolls up, verifies, and says by its exit code what is wrong', async () => {
    const rolled = await run('rollup', '--json');
    expect(JSON.parse(rolled.out)).toEqual({ is_leader: true, hours: expect.any(Number) });
    expect(await run('verify', '2025-02', '--json')).toMatchObject({ code: 0, err: '' });
    await pool.query('UPDATE usage_daily SET calls = calls + 1');
    await pool.query('UPDATE usage_hourly SET calls = calls + 1');
    const wrong = await run('verify', '2025-02');
    expect(wrong.code).toBe(1);
    expect(wrong.out).toMatch(/^EXCESS LINES\tLACKING LINES\tWRONG TOTALS\n\d+\t\d+\t0\n$/);
    await pool.query('UPDATE usage_daily SET calls = calls - 1');
    await pool.query('UPDATE usage_hourly SET calls = calls - 1');
  });

  it('closes a month once, and not before it is over', async () => {
    const first = await run('close-month', '2025-02', '--actor', 'ada', '--json');
    expect(JSON.parse(first.out)).toEqual([
      { tenant_id: 'acme', month: '2025-02', total_nano_usd: expect.any(Number) },
    ]);
    expect(await run('close-month', '2025-02', '--actor', 'ada', '--json')).toMatchObject({
      code: 0,
      out: '[]\n',
    });
    const early = await run('close-month', monthOf(Date.now()), '--actor', 'ada');
    expect(early).toEqual({ code: 1, out: '', err: 'The month is not over.\n' });
    expect(await run('close-month', '2025-13', '--actor', 'ada')).toMatchObject({ code: 2 });
  });
});
