import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AdapterRegistry, Catalogue, MODEL_PROVIDERS, TokenCounter } from '@tollgate/adapters';
import { loadSettings, type Settings } from '@tollgate/config';
import { createPostgresPool } from '@tollgate/database';
import { createTestDatabase, type TestDatabase } from '@tollgate/database/testing';
import { monthOf, systemClock, uuidV7 } from '@tollgate/domain';
import { LedgerWriter, MemoryBudgetStore, PostgresLedger } from '@tollgate/stores';
import { TenantDirectory, createTenantSource } from '@tollgate/tenant-config';
import { API_KEY } from '../testing/world.js';
import { BudgetAlerts } from './budget-alerts.js';
import { HoldStep } from './hold.js';
import { createModelPolicy } from './resolve-model.js';
import { MODEL_ROUTES } from './model-route.js';
import { River } from './river.js';
import { SettleStep } from './settle.js';

const fail = (error: unknown): never => {
  throw error;
};

describe('a call that breaks off inside the gateway', () => {
  let database: TestDatabase;
  let pool: ReturnType<typeof createPostgresPool>;
  let counter: TokenCounter;
  let directory: TenantDirectory;
  let settings: Settings;

  beforeEach(async () => {
    database = await createTestDatabase();
    const limits = { maxConnections: 2, connectTimeoutMs: 5000, statementTimeoutMs: 5000 };
    pool = createPostgresPool({ url: database.url, ...limits, onIdleError: fail });
    counter = new TokenCounter();
    settings = loadSettings({ DATABASE_URL: database.gatewayUrl, TENANT_ACME_API_KEYS: API_KEY });
    directory = new TenantDirectory({
      source: createTenantSource(settings, pool, fail),
      clock: systemClock,
      onError: fail,
    });
    await directory.start();
  });

  afterEach(async () => {
    await directory.stop();
    await counter.close();
    await pool.end();
    await database.drop();
  });

  it('ends once, presumed at its held amount, and gives its place and its hold back', async () => {
    const ledger = new PostgresLedger(pool);
    const budgets = new MemoryBudgetStore({ totals: ledger, clock: systemClock });
    const alerts = new BudgetAlerts({ ledger, onAlert: () => undefined, onError: fail });
    const settleStep = new SettleStep({ budgets, alerts, onError: fail });
    const writer = new LedgerWriter({
      ledger,
      capacity: 1,
      onDurable: (events, totals) => settleStep.settle(events, totals),
      onError: fail,
    });
    const catalogue = new Catalogue({
      modelProviders: MODEL_PROVIDERS,
      overrides: {},
      overridesVersion: undefined,
      clock: systemClock,
    });
    const upstream = { connectTimeoutMs: 1, firstByteTimeoutMs: 1, idleTimeoutMs: 1, maxConnections: 1 };
    const adapters = new AdapterRegistry({
      stub: { latencyMs: 0, chunkDelayMs: 0 },
      upstream,
      openai: undefined,
      anthropic: undefined,
      compatible: [],
    });
    const limits = { maxOutputTokens: 100, maxCostNanoUsd: 1e9 };
    const river = new River({
      directory,
      adapters,
      policy: createModelPolicy(settings, catalogue, adapters),
      holdStep: new HoldStep({
        budgets,
        counter,
        limitsOf: () => limits,
        holdTtlMs: 60_000,
        failOpen: false,
      }),
      counter,
      writer,
      settleStep,
      observer: { onOpened: () => undefined, onFinished: () => undefined, onFailedTry: () => undefined },
      requestTimeoutMs: 60_000,
    });
    const http = new IncomingMessage(new Socket());
    http.rawHeaders.push('authorization', `Bearer ${API_KEY}`);
    const requestId = uuidV7(Date.now());
    const body = Buffer.from('{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}');
    const call = await river.enter(MODEL_ROUTES.chat, http, requestId, body);
    expect(writer.hasRoom).toBe(false);

    await river.abandon(call);
    await river.abandon(call);
    await river.drain(1000);

    const held = call.facts.hold.amountNanoUsd;
    const [event, ...others] = await ledger.listEvents(requestId);
    expect(event).toMatchObject({ status: 'presumed', errorCode: 'internal_error', costNanoUsd: held });
    expect(others).toEqual([]);
    expect(writer.hasRoom).toBe(true);
    const month = { scope: 't', window: monthOf(Date.now()) };
    expect(await budgets.readWindows('acme', [month])).toEqual([
      { ...month, settledNanoUsd: held, heldNanoUsd: 0 },
    ]);
    settleStep.stop();
    await adapters.close();
  });
});
