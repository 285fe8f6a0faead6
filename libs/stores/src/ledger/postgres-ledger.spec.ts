import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresPool } from '@tollgate/database';
import { createTestDatabase, type TestDatabase } from '@tollgate/database/testing';
import { NO_TOKENS, monthOf, uuidV7 } from '@tollgate/domain';
import { PostgresLedger } from './postgres-ledger.js';
import { FINAL_ATTEMPT, type UsageEvent } from './usage-event.js';

const NOW = Date.UTC(2026, 10, 23, 12);

function event(more: Partial<UsageEvent> = {}): UsageEvent {
  return {
    requestId: uuidV7(NOW),
    attempt: FINAL_ATTEMPT,
    tenantId: 'acme',
    keyId: 'k1',
    agentId: 'planner',
    runId: 'run-1',
    taskType: null,
    modelAsked: 'gpt-4o-mini',
    model: 'gpt-4o-mini',
    modelProvider: 'openai',
    ...NO_TOKENS,
    inputTokens: 10,
    outputTokens: 5,
    costNanoUsd: 4500,
    priceVersion: 'v1',
    status: 'completed',
    errorCode: null,
    usageSource: 'reported',
    streamed: false,
    latencyMs: 12,
    firstTokenMs: null,
    configHash: 'c0ffee',
    ...more,
  };
}

describe('PostgresLedger', () => {
  let database: TestDatabase;
  let pool: ReturnType<typeof createPostgresPool>;
  let ledger: PostgresLedger;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPostgresPool({
      url: database.url,
      maxConnections: 8,
      connectTimeoutMs: 5000,
      statementTimeoutMs: 5000,
      onIdleError: (error) => {
        throw error;
      },
    });
    ledger = new PostgresLedger(pool);
    await ledger.prepareMonths();
  });

  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const totalOf = async (tenantId: string, scope = 't', window = monthOf(NOW)): Promise<unknown> =>
    (await ledger.readTotals(tenantId, [{ scope, window }]))[0];

  it('keeps an event as it was given and raises every total it counts in', async () => {
    const kept = event({ tenantId: 'a' });
    const totals = await ledger.append([kept]);
    expect(await ledger.listEvents(kept.requestId)).toEqual([kept]);
    const month = monthOf(NOW);
    const expected = [
      ['a:planner', month],
      ['k:k1', month],
      ['r:run-1', 'total'],
      ['t', month],
    ].map(([scope, window]) => ({ tenantId: 'a', scope, window, totalNanoUsd: 4500, version: 1 }));
    expect([...totals].sort((x, y) => x.scope.localeCompare(y.scope))).toEqual(expected);
    expect(await totalOf('a')).toMatchObject({ totalNanoUsd: 4500 });
  });

  it('counts an event once however often it is appended, alone or in other company', async () => {
    const [first, second] = [event({ tenantId: 'b' }), event({ tenantId: 'b' })];
    await ledger.append([first]);
    const totals = await ledger.append([first, second]);
    expect(totals.find((total) => total.scope === 't')).toMatchObject({ totalNanoUsd: 9000 });
    await ledger.append([second, first]);
    expect(await totalOf('b')).toMatchObject({ totalNanoUsd: 9000 });
  });

  it('puts the real event in the place of the presumed one and moves the totals by the difference', async () => {
    const real = event({ tenantId: 'c', costNanoUsd: 100 });
    await ledger.append([{ ...real, costNanoUsd: 9000, status: 'presumed', usageSource: 'none' }]);
    const totals = await ledger.append([real]);
    expect(totals.find((total) => total.scope === 't')).toMatchObject({ totalNanoUsd: 100, version: 2 });
    expect(await ledger.listEvents(real.requestId)).toEqual([real]);
  });

  it('never lets a presumed event replace a real one', async () => {
    const real = event({ tenantId: 'd', costNanoUsd: 100 });
    await ledger.append([real]);
    await ledger.append([{ ...real, costNanoUsd: 9000, status: 'presumed' }]);
    expect(await totalOf('d')).toMatchObject({ totalNanoUsd: 100 });
    expect(await ledger.listEvents(real.requestId)).toEqual([real]);
  });

  it('adds up exactly when writers of the same tenant race', async () => {
    const batches = Array.from({ length: 20 }, () =>
      Array.from({ length: 20 }, (_, index) =>
        event({ tenantId: 'e', agentId: `agent-${index % 7}`, runId: null }),
      ),
    );
    await Promise.all([...batches, ...batches].map((batch) => ledger.append(batch)));
    expect(await totalOf('e')).toMatchObject({ totalNanoUsd: 400 * 4500 });
    const usage = await ledger.readUsage('e', monthOf(NOW));
    expect(usage.reduce((sum, line) => sum + line.costNanoUsd, 0)).toBe(400 * 4500);
    expect(usage.reduce((sum, line) => sum + line.calls, 0)).toBe(400);
  });

  it('bills a call in the month of its id, to the millisecond', async () => {
    const lastMoment = Date.UTC(2026, 10, 30, 23, 59, 59, 999);
    await ledger.append([
      event({ tenantId: 'f', requestId: uuidV7(lastMoment), runId: null }),
      event({ tenantId: 'f', requestId: uuidV7(lastMoment + 1), costNanoUsd: 7, runId: null }),
    ]);
    expect(await totalOf('f', 't', '2026-11')).toMatchObject({ totalNanoUsd: 4500 });
    expect(await totalOf('f', 't', '2026-12')).toMatchObject({ totalNanoUsd: 7 });
    expect(await ledger.readUsage('f', '2026-12')).toMatchObject([{ costNanoUsd: 7 }]);
  });

  it('keeps every try of a request apart, its end first, and counts a call where it ended', async () => {
    const end = event({ tenantId: 'h', model: 'fallback' });
    const failed = { costNanoUsd: 0, inputTokens: 0, outputTokens: 0, status: 'failed' as const };
    const tries = [1, 2, 3].map((attempt) => ({ ...end, ...failed, attempt, model: 'asked' }));
    const other = event({ tenantId: 'h', model: 'asked', costNanoUsd: 8000 });
    await ledger.append(tries.slice(0, 2));
    await ledger.append([...tries.slice(2), end, other]);
    await ledger.append(tries);
    expect(await ledger.listEvents(end.requestId)).toEqual([end, ...tries]);
    expect(await totalOf('h')).toMatchObject({ totalNanoUsd: 12_500 });
    const line = { agentId: 'planner', calls: 1, inputTokens: 10, outputTokens: 5 };
    expect(await ledger.readUsage('h', monthOf(NOW))).toEqual([
      { ...line, model: 'asked', costNanoUsd: 8000 },
      { ...line, model: 'fallback', costNanoUsd: 4500 },
    ]);
  });

  it('has no usage line for a model that was only tried', async () => {
    const end = event({ tenantId: 'i', model: 'fallback' });
    await ledger.append([{ ...end, attempt: 1, model: 'asked', costNanoUsd: 0 }, end]);
    expect((await ledger.readUsage('i', monthOf(NOW))).map(({ model }) => model)).toEqual(['fallback']);
  });

  it('puts the real end in the place of the presumed one, also when tries came before', async () => {
    const real = event({ tenantId: 'j', costNanoUsd: 100 });
    const failed = { ...real, attempt: 1, status: 'failed' as const, costNanoUsd: 0 };
    await ledger.append([failed]);
    await ledger.append([{ ...real, costNanoUsd: 9000, status: 'presumed' }]);
    await ledger.append([failed, real]);
    expect(await ledger.listEvents(real.requestId)).toEqual([real, failed]);
    expect(await totalOf('j')).toMatchObject({ totalNanoUsd: 100 });
  });

  it('raises an alert once', async () => {
    const mark = { tenantId: 'g', scope: 't', window: '2026-11', thresholdPercent: 80 };
    const marks = await Promise.all([
      ledger.markAlert(mark),
      ledger.markAlert(mark),
      ledger.markAlert({ ...mark, thresholdPercent: 100 }),
    ]);
    expect(marks.filter(Boolean)).toHaveLength(2);
  });
});
