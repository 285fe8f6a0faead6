import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { monthEndMs, monthStartMs } from '@tollgate/domain';
import { PostgresLedger } from '../../ledger/postgres-ledger.js';
import { UsageRoller } from '../rollups/usage-roller.js';
import { openBillingDatabase, type BillingDatabase } from '../testing/billing-database.js';
import { usageEventOf } from '../testing/usage-event-of.js';
import { UsageReader } from './usage-reader.js';
import type { UsagePageQuery } from './usage-query.js';
import type { UsageRow } from './usage-row.js';

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 10, 23, 12);
const MONTH = { fromMs: monthStartMs('2026-11'), toMs: monthEndMs('2026-11') };

describe('UsageReader', () => {
  let database: BillingDatabase;
  let ledger: PostgresLedger;
  let reader: UsageReader;
  let roller: UsageRoller;

  beforeAll(async () => {
    database = await openBillingDatabase(NOON);
    ledger = new PostgresLedger(database.gateway);
    reader = new UsageReader({ pool: database.admin });
    roller = new UsageRoller({ pool: database.admin });
  });
  afterAll(() => database.close());

  const costs = async (query: Partial<UsagePageQuery>): Promise<unknown[]> => {
    const { rows } = await reader.readPage({ ...MONTH, ...query });
    return rows.map(({ bucketMs, group, costNanoUsd }) => [
      ...(bucketMs === undefined ? [] : [new Date(bucketMs).toISOString()]),
      ...Object.values(group),
      costNanoUsd,
    ]);
  };

  it.each(['before', 'after'])('groups by time and any dimension %s a roll', async (when) => {
    const tenantId = `groups-${when}`;
    await ledger.append([
      usageEventOf(NOON, { tenantId, costNanoUsd: 1 }),
      usageEventOf(NOON + 1, { tenantId, costNanoUsd: 2, agentId: null, taskType: 'planning' }),
      usageEventOf(NOON + HOUR_MS, { tenantId, costNanoUsd: 4, model: 'claude', modelProvider: 'anthropic' }),
      usageEventOf(NOON - 86_400_000, { tenantId, costNanoUsd: 8, keyId: 'k2', status: 'aborted' }),
    ]);
    if (when === 'after') await roller.run();
    const filters = { tenant: [tenantId] };
    expect(await costs({ filters })).toEqual([[15]]);
    expect(await costs({ filters, bucket: 'hour' })).toEqual([
      ['2026-11-22T12:00:00.000Z', 8],
      ['2026-11-23T12:00:00.000Z', 3],
      ['2026-11-23T13:00:00.000Z', 4],
    ]);
    expect(await costs({ filters, bucket: 'day', groupBy: ['model'] })).toEqual([
      ['2026-11-22T00:00:00.000Z', 'gpt-4o-mini', 8],
      ['2026-11-23T00:00:00.000Z', 'claude', 4],
      ['2026-11-23T00:00:00.000Z', 'gpt-4o-mini', 3],
    ]);
    expect(await costs({ filters, bucket: 'month', groupBy: ['agent'] })).toEqual([
      ['2026-11-01T00:00:00.000Z', null, 2],
      ['2026-11-01T00:00:00.000Z', 'planner', 13],
    ]);
    expect(await costs({ filters, groupBy: ['tenant', 'key'] })).toEqual([
      [tenantId, 'k1', 7],
      [tenantId, 'k2', 8],
    ]);
    expect(await costs({ filters, groupBy: ['status', 'taskType', 'modelProvider'] })).toEqual([
      ['aborted', null, 'openai', 8],
      ['completed', null, 'anthropic', 4],
      ['completed', null, 'openai', 1],
      ['completed', 'planning', 'openai', 2],
    ]);
    expect(await costs({ filters: { ...filters, agent: [null], taskType: ['planning', 'other'] } })).toEqual([
      [2],
    ]);
    expect(await costs({ filters, fromMs: NOON, toMs: NOON + HOUR_MS })).toEqual([[3]]);
    expect(await costs({ filters: { tenant: ['nobody'] } })).toEqual([]);
  });

  it('counts a call where it ended, as the ledger does, and has no row for what was only tried', async () => {
    const tenantId = 'tries';
    const end = usageEventOf(NOON, { tenantId, model: 'fallback', cachedInputTokens: 3 });
    const failed = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, costNanoUsd: 0 };
    await ledger.append([
      { ...end, ...failed, attempt: 1, model: 'asked', status: 'failed' },
      { ...end, ...failed, attempt: 2, status: 'failed' },
      end,
    ]);
    const { rows } = await reader.readPage({
      ...MONTH,
      filters: { tenant: [tenantId] },
      groupBy: ['agent', 'model'],
    });
    const expected: UsageRow = {
      bucketMs: undefined,
      group: { agent: 'planner', model: 'fallback' },
      calls: 1,
      tries: 2,
      inputTokens: 10,
      cachedInputTokens: 3,
      cacheWriteTokens: 0,
      inputAudioTokens: 0,
      outputTokens: 5,
      outputAudioTokens: 0,
      costNanoUsd: 4500,
    };
    expect(rows).toEqual([expected]);
    expect(await ledger.readUsage(tenantId, '2026-11')).toMatchObject([{ model: 'fallback', calls: 1 }]);
  });

  it('pages through every row once, and streams the same rows', async () => {
    const tenantId = 'pages';
    await ledger.append(
      Array.from({ length: 60 }, (_, i) =>
        usageEventOf(NOON + (i % 5) * HOUR_MS, {
          tenantId,
          agentId: i % 3 === 0 ? null : `a${i % 4}`,
          costNanoUsd: 2 ** (i % 20),
        }),
      ),
    );
    const query = {
      ...MONTH,
      bucket: 'hour',
      groupBy: ['agent', 'model'],
      filters: { tenant: [tenantId] },
    } as const;
    const paged: UsageRow[] = [];
    let cursor: string | undefined;
    do {
      const page = await reader.readPage({
        ...query,
        groupBy: [...query.groupBy],
        filters: { tenant: [tenantId] },
        limit: 4,
        cursor,
      });
      paged.push(...page.rows);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    const streamed = await Array.fromAsync(
      reader.stream({ ...query, groupBy: [...query.groupBy], filters: { tenant: [tenantId] } }),
    );
    expect(paged.length).toBeGreaterThan(12);
    expect(streamed).toEqual(paged);
  });

  it('gives its connection back when a stream is left', async () => {
    for (let i = 0; i < 12; i += 1)
      for await (const row of reader.stream({ ...MONTH, groupBy: ['tenant'] })) {
        expect(row.calls).toBeGreaterThan(0);
        break;
      }
  });

  it.each([
    [{ ...MONTH, toMs: MONTH.fromMs }, 'toMs'],
    [{ ...MONTH, fromMs: MONTH.fromMs + 1 }, 'fromMs'],
    [{ ...MONTH, groupBy: ['model', 'model'] }, 'groupBy'],
    [{ ...MONTH, groupBy: ['cost; DROP'] }, 'groupBy.0'],
    [{ ...MONTH, filters: { region: ['eu'] } }, 'filters.region'],
    [{ ...MONTH, limit: 1001 }, 'limit'],
    [{ ...MONTH, groupBy: ['model'], cursor: 'eyJ9' }, 'cursor'],
  ])('refuses what it cannot answer: %j', async (query, param) => {
    await expect(reader.readPage(query as UsagePageQuery)).rejects.toMatchObject({
      code: 'invalid_input',
      param,
    });
  });
});
