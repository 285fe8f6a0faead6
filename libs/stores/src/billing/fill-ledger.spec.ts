import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { monthEndMs, monthStartMs } from '@tollgate/domain';
import { UsageReader } from './usage/usage-reader.js';
import { RollupVerifier } from './rollups/rollup-verifier.js';
import { UsageRoller } from './rollups/usage-roller.js';
import { openBillingDatabase, type BillingDatabase } from './testing/billing-database.js';
import { fillLedger } from './fill-ledger.js';

describe('fillLedger', () => {
  let database: BillingDatabase;
  beforeAll(async () => {
    database = await openBillingDatabase(monthStartMs('2024-02'));
  });
  afterAll(() => database.close());

  it('makes up a month that has every day, many agents and models, and totals that are right', async () => {
    await fillLedger(database.owner, { tenantId: 'demo', month: '2024-02', count: 3000 });
    await fillLedger(database.owner, { tenantId: 'demo', month: '2024-02', count: 1000, seed: 2 });
    await new UsageRoller({ pool: database.admin }).run();
    expect(await new RollupVerifier({ pool: database.admin }).verify('2024-02')).toEqual({
      excess: 0,
      lacking: 0,
      wrongTotals: 0,
    });
    const reader = new UsageReader({ pool: database.admin });
    const month = { fromMs: monthStartMs('2024-02'), toMs: monthEndMs('2024-02') };
    const days = await reader.readPage({ ...month, bucket: 'day' });
    expect(days.rows).toHaveLength(29);
    expect(days.rows.reduce((sum, row) => sum + row.calls, 0)).toBe(4000);
    const agents = await reader.readPage({ ...month, groupBy: ['agent'] });
    expect(agents.rows.map(({ group }) => group.agent)).toEqual([
      null,
      'coder',
      'planner',
      'researcher',
      'reviewer',
      'support',
    ]);
    const { rows: statuses } = await reader.readPage({ ...month, groupBy: ['status'] });
    expect(statuses.map(({ group }) => group.status)).toEqual(['aborted', 'completed', 'failed', 'presumed']);
  });
});
