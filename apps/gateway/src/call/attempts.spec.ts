import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createPostgresPool } from '@tollgate/database';
import { createTestDatabase, type TestDatabase } from '@tollgate/database/testing';
import { NO_LIMITS, NO_TOKENS, monthOf, uuidV7 } from '@tollgate/domain';
import {
  FINAL_ATTEMPT,
  MemoryBudgetStore,
  PostgresLedger,
  type Hold,
  type UsageEvent,
} from '@tollgate/stores';
import { BudgetAlerts } from './budget-alerts.js';
import { presumedEvent } from './presumed-event.js';
import { SettleStep } from './settle.js';
import { Sweeper } from './sweeper.js';

const HELD = 9000;
const TTL_MS = 60_000;
const NOW = Date.UTC(2026, 10, 23, 12);
const MONTH = { scope: 't', window: monthOf(NOW) };

const onError = (error: unknown): void => {
  throw error;
};

describe('a request that made several upstream calls under one hold', () => {
  let database: TestDatabase;
  let pool: ReturnType<typeof createPostgresPool>;
  let ledger: PostgresLedger;
  let budgets: MemoryBudgetStore;
  let settleStep: SettleStep;
  let hold: Hold;
  let nowMs: number;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPostgresPool({
      url: database.url,
      maxConnections: 4,
      connectTimeoutMs: 5000,
      statementTimeoutMs: 5000,
      onIdleError: onError,
    });
    ledger = new PostgresLedger(pool);
    await ledger.prepareMonths();
  });
  beforeEach(async () => {
    nowMs = NOW;
    const requestId = uuidV7(NOW);
    budgets = new MemoryBudgetStore({ totals: ledger, clock: { now: () => nowMs } });
    settleStep = new SettleStep({
      budgets,
      alerts: new BudgetAlerts({ ledger, onAlert: () => undefined, onError }),
      onError,
    });
    hold = {
      requestId,
      tenantId: `tenant-${requestId}`,
      scopes: [{ ...MONTH, limits: NO_LIMITS }],
      amountNanoUsd: HELD,
      tokens: 100,
      ttlMs: TTL_MS,
      facts: JSON.stringify({
        keyId: 'k1',
        agentId: null,
        runId: null,
        taskType: null,
        modelAsked: 'gpt-4o-mini',
        model: 'gpt-4o-mini',
        modelProvider: 'openai',
        priceVersion: 'v1',
        streamed: false,
        configHash: 'c0ffee',
      }),
    };
    await budgets.hold(hold);
    settleStep.expect(hold);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const end = (): UsageEvent => ({
    ...presumedEvent(hold as Hold & Parameters<typeof presumedEvent>[0]),
    ...NO_TOKENS,
    status: 'completed',
    usageSource: 'reported',
    costNanoUsd: 4500,
  });
  const failedTry = (attempt: number): UsageEvent => ({
    ...end(),
    attempt,
    status: 'failed',
    errorCode: 'upstream_error',
    usageSource: 'none',
    costNanoUsd: 0,
  });
  const settle = async (...events: UsageEvent[]): Promise<void> => {
    settleStep.settle(events, await ledger.append(events));
    await settleStep.flush();
  };
  const windowNow = async (): Promise<unknown> => (await budgets.readWindows(hold.tenantId, [MONTH]))[0];

  it('keeps its hold until the last of them, and spends what that one cost', async () => {
    await settle(failedTry(1), failedTry(2));
    expect(await windowNow()).toEqual({ ...MONTH, settledNanoUsd: 0, heldNanoUsd: HELD });
    expect(settleStep.heldNanoUsd).toBe(HELD);
    await settle(failedTry(3), end());
    expect(await windowNow()).toEqual({ ...MONTH, settledNanoUsd: 4500, heldNanoUsd: 0 });
    expect(settleStep.heldNanoUsd).toBe(0);
  });

  describe('and whose gateway died', () => {
    const sweep = async (): Promise<string[]> => {
      const presumed: string[] = [];
      const sweeper = new Sweeper({
        budgets,
        ledger,
        onPresumed: ({ requestId }) => presumed.push(requestId),
        onDrift: () => undefined,
        onError,
      });
      nowMs += TTL_MS + 1;
      await sweeper.sweep();
      return presumed;
    };

    it('between a try and its end is presumed spent, under the identity of its end', async () => {
      await settle(failedTry(1), failedTry(2));
      expect(await sweep()).toEqual([hold.requestId]);
      const presumed = { ...end(), status: 'presumed', usageSource: 'none', costNanoUsd: HELD };
      expect(await ledger.listEvents(hold.requestId)).toEqual([presumed, failedTry(1), failedTry(2)]);
      expect(presumed.attempt).toBe(FINAL_ATTEMPT);
      expect(await windowNow()).toEqual({ ...MONTH, settledNanoUsd: HELD, heldNanoUsd: 0 });
    });

    it('after its end is settled from that end', async () => {
      await ledger.append([failedTry(1), end()]);
      expect(await sweep()).toEqual([]);
      expect(await ledger.listEvents(hold.requestId)).toEqual([end(), failedTry(1)]);
      expect(await windowNow()).toEqual({ ...MONTH, settledNanoUsd: 4500, heldNanoUsd: 0 });
    });
  });
});
