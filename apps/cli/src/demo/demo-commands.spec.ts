import { describe, expect, it } from '@jest/globals';
import { createTestDatabase, createTestPool } from '@tollgate/database/testing';
import { spawnCommandLine } from '../testing/spawn-command-line.js';

describe('demo seed-checkpoints', () => {
  it('writes finished checkpoints of some days ago, under new ids each time', async () => {
    const database = await createTestDatabase();
    const env = { DATABASE_URL: database.url };
    const args = [
      'demo',
      'seed-checkpoints',
      '--count',
      '1500',
      '--age-days',
      '5',
      '--tenant',
      'acme',
      '--json',
    ];
    const { code, out, err } = await spawnCommandLine(env, args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const seeded = JSON.parse(out) as { first_run_id: string; last_run_id: string };
    expect(seeded).toEqual({
      tenant_id: 'acme',
      count: 1500,
      first_run_id: expect.stringMatching(/^demo-\d{14}-0$/),
      last_run_id: expect.stringMatching(/^demo-\d{14}-1499$/),
    });
    const pool = createTestPool(database);
    const { rows } = await pool.query(
      `SELECT count(*)::int AS due, count(*) FILTER (WHERE run_id = $1)::int AS first FROM checkpoint_offloads
       WHERE tenant_id = 'acme' AND updated_at BETWEEN now() - interval '5 days 1 minute' AND now() - interval '5 days'`,
      [seeded.first_run_id],
    );
    expect(rows).toEqual([{ due: 1500, first: 1 }]);
    await pool.end();
    await database.drop();
  });
});
