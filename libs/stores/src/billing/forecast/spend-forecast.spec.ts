import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PostgresLedger } from '../../ledger/postgres-ledger.js';
import { openBillingDatabase, type BillingDatabase } from '../testing/billing-database.js';
import { usageEventOf } from '../testing/usage-event-of.js';
import { UsageReader } from '../usage/usage-reader.js';
import { SpendForecast } from './spend-forecast.js';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 3);

describe('SpendForecast', () => {
  let database: BillingDatabase;
  let forecast: SpendForecast;

  beforeAll(async () => {
    database = await openBillingDatabase(NOW);
    forecast = new SpendForecast({
      usage: new UsageReader({ pool: database.admin }),
      clock: { now: () => NOW },
    });
    const days = Array.from({ length: 28 }, (_, i) => NOW - DAY_MS * (i + 1));
    await new PostgresLedger(database.gateway).append(
      days.flatMap((day) => [
        usageEventOf(day, { costNanoUsd: 100 }),
        usageEventOf(day + DAY_MS - 1, { costNanoUsd: 20, agentId: 'other', keyId: 'k2' }),
      ]),
    );
  });
  afterAll(() => database.close());

  it('reads the month and the weeks before it, of a tenant, an agent or a key', async () => {
    const tenantId = 'acme';
    expect(await forecast.read({ tenantId })).toEqual({
      spentNanoUsd: 240,
      forecastNanoUsd: 30 * 120,
      basedOnDays: 28,
    });
    expect(await forecast.read({ tenantId, agentId: 'planner' })).toMatchObject({ forecastNanoUsd: 3000 });
    expect(await forecast.read({ tenantId, keyId: 'k2' })).toMatchObject({ forecastNanoUsd: 600 });
    expect(await forecast.read({ tenantId: 'nobody' })).toMatchObject({ forecastNanoUsd: 0 });
  });

  it('of a month that is over is what the ledger says', async () => {
    const october = await forecast.read({ tenantId: 'acme', month: '2026-10' });
    expect(october).toMatchObject({ spentNanoUsd: 26 * 120, forecastNanoUsd: 26 * 120 });
  });
});
