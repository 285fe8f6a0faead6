import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresPool } from '@tollgate/database';
import { createTestDatabase, type TestDatabase } from '@tollgate/database/testing';
import { startRedis, type RedisServer } from '@tollgate/dev-services';
import { NO_LIMITS, NO_TOKENS, monthOf, monthOfUuidV7, uuidV7 } from '@tollgate/domain';
import fc from 'fast-check';
import { PostgresLedger } from '../../ledger/postgres-ledger.js';
import {
  FINAL_ATTEMPT,
  MAX_TRIES,
  windowsOf,
  type Attribution,
  type UsageEvent,
} from '../../ledger/usage-event.js';
import type { Hold } from '../budget-store.js';
import { expiryKey } from './budget-keys.js';
import { RedisBudgetStore } from './redis-budget-store.js';
import { connectRedis } from './redis-connection.js';

const LIMIT = 1000;
const RUN_LIMIT = 400;
const REPLICAS = 3;

type Step =
  | { readonly kind: 'hold'; readonly replica: number; readonly amount: number; readonly run: number }
  | { readonly kind: 'end'; readonly call: number; readonly share: number; readonly settle: boolean }
  | { readonly kind: 'try'; readonly call: number; readonly crash: boolean }
  | { readonly kind: 'cancel'; readonly call: number }
  | { readonly kind: 'sweep'; readonly replica: number }
  | { readonly kind: 'crash'; readonly replica: number }
  | { readonly kind: 'forget' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('hold' as const),
      replica: fc.nat(REPLICAS - 1),
      amount: fc.integer({ min: 1, max: 300 }),
      run: fc.nat(2),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      call: fc.nat(50),
      share: fc.integer({ min: 0, max: 100 }),
      settle: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('try' as const),
      call: fc.nat(50),
      crash: fc.nat(5).map((chance) => chance === 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), call: fc.nat(50) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sweep' as const), replica: fc.nat(REPLICAS - 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), replica: fc.nat(REPLICAS - 1) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'forget' as const }) },
);

interface Call {
  readonly hold: Hold;
  readonly attribution: Attribution;
  readonly store: RedisBudgetStore;
  /** Upstream calls of it that failed so far. */
  tries: number;
}

describe('Redis budgets under random interleavings of three replicas, crashes, sweeps and a server that forgets', () => {
  let redis: RedisServer;
  let database: TestDatabase;
  let pool: ReturnType<typeof createPostgresPool>;
  let ledger: PostgresLedger;

  beforeAll(async () => {
    [redis, database] = await Promise.all([startRedis(), createTestDatabase()]);
    pool = createPostgresPool({
      url: database.url,
      maxConnections: 8,
      connectTimeoutMs: 5000,
      statementTimeoutMs: 5000,
      onIdleError: () => undefined,
    });
    ledger = new PostgresLedger(pool);
  });

  afterAll(async () => {
    await pool.end();
    await redis.stop();
    await database.drop();
  });

  async function openStore(): Promise<RedisBudgetStore> {
    const connection = connectRedis(redis.url, { replyTimeoutMs: 5000 }, () => undefined);
    const store = new RedisBudgetStore({
      redis: connection,
      totals: ledger,
      onBackgroundError: () => undefined,
    });
    await store.start();
    return store;
  }

  /** One tenant's life, driven by steps. */
  class Scenario {
    readonly #tenantId = `tenant-${uuidV7(Date.now())}`;
    readonly #calls = new Map<string, Call>();
    /** Every call that was held since the server last forgot, and never cancelled. */
    readonly #admitted = new Set<string>();
    /** Ended calls of which the settlement has not been sent. */
    readonly #unsettled: { readonly store: RedisBudgetStore; readonly settle: () => Promise<void> }[] = [];
    readonly #dead = new Set<RedisBudgetStore>();
    #stores: RedisBudgetStore[] = [];

    async run(rounds: readonly (readonly Step[])[]): Promise<void> {
      this.#stores = await Promise.all(Array.from({ length: REPLICAS }, openStore));
      try {
        for (const round of rounds) {
          await Promise.all(round.map((next) => this.#take(next)));
          if (round.some(({ kind }) => kind === 'forget')) this.#admitted.clear();
          await this.#expectWithinLimits();
        }
        await this.#finish();
      } finally {
        await Promise.all(this.#stores.map((store) => store.stop()));
      }
    }

    async #take(next: Step): Promise<void> {
      switch (next.kind) {
        case 'hold':
          return this.#hold(next);
        case 'end':
          return this.#end(next);
        case 'try':
          return this.#try(next);
        case 'cancel':
          return this.#cancel(next.call);
        case 'sweep': {
          const store = this.#store(next.replica);
          return this.#on(store, () => this.#sweep(store));
        }
        case 'crash':
          return this.#crash(next.replica);
        case 'forget': {
          const connection = connectRedis(redis.url, { replyTimeoutMs: 5000 }, () => undefined);
          await connection.connect();
          await connection.flushall();
          connection.disconnect();
        }
      }
    }

    #store(replica: number): RedisBudgetStore {
      const store = this.#stores[replica];
      if (!store) throw new Error('no such replica');
      return store;
    }

    async #hold({ replica, amount, run }: Step & { kind: 'hold' }): Promise<void> {
      const requestId = uuidV7(Date.now());
      const attribution = {
        tenantId: this.#tenantId,
        keyId: 'key',
        agentId: null,
        runId: run === 0 ? null : `run-${run}`,
        taskType: null,
      };
      const scopes = windowsOf(attribution, monthOfUuidV7(requestId)).map(({ scope, window }) => {
        const budgetNanoUsd = scope === 't' ? LIMIT : scope.startsWith('r:') ? RUN_LIMIT : undefined;
        return { scope, window, limits: { ...NO_LIMITS, budgetNanoUsd } };
      });
      // A hold that expires at once: any sweep may presume it while its gateway still works, as if that were frozen.
      const hold: Hold = {
        requestId,
        tenantId: this.#tenantId,
        scopes,
        amountNanoUsd: amount,
        tokens: 0,
        ttlMs: 1,
        facts: JSON.stringify(attribution),
      };
      const store = this.#store(replica);
      const outcome = await this.#on(store, () => store.hold(hold));
      if (!outcome?.held || this.#dead.has(store)) return;
      this.#calls.set(requestId, { hold, attribution, store, tries: 0 });
      this.#admitted.add(requestId);
    }

    /** What a replica does; when it dies meanwhile, nobody hears how it went. */
    async #on<T>(store: RedisBudgetStore, work: () => Promise<T>): Promise<T | undefined> {
      try {
        return await work();
      } catch (error) {
        if (this.#dead.has(store)) return undefined;
        throw error;
      }
    }

    #pick(index: number): Call | undefined {
      const calls = [...this.#calls.values()];
      const call = calls[index % Math.max(1, calls.length)];
      if (call) this.#calls.delete(call.hold.requestId);
      return call;
    }

    async #end({ call: index, share, settle }: Step & { kind: 'end' }): Promise<void> {
      const call = this.#pick(index);
      if (!call) return;
      const totals = await ledger.append([
        event(
          call.attribution,
          call.hold.requestId,
          Math.floor((call.hold.amountNanoUsd * share) / 100),
          'completed',
        ),
      ]);
      const settleCall = (): Promise<void> => call.store.settle([{ ...call.hold, tokens: 0 }], totals);
      if (settle) await this.#on(call.store, settleCall);
      else this.#unsettled.push({ store: call.store, settle: settleCall });
    }

    /** An upstream call that failed; the next try may never come, because the gateway crashed behind it. */
    async #try({ call: index, crash }: Step & { kind: 'try' }): Promise<void> {
      const calls = [...this.#calls.values()];
      const call = calls[index % Math.max(1, calls.length)];
      if (!call || call.tries === MAX_TRIES - 1) return;
      call.tries += 1;
      const { hold, attribution, store, tries } = call;
      await ledger.append([event(attribution, hold.requestId, 0, 'failed', tries)]);
      const replica = this.#stores.indexOf(store);
      if (crash && replica >= 0) await this.#crash(replica);
    }

    async #cancel(index: number): Promise<void> {
      const call = this.#pick(index);
      if (!call) return;
      this.#admitted.delete(call.hold.requestId);
      await this.#on(call.store, () => call.store.cancel(call.hold));
    }

    async #sweep(store: RedisBudgetStore): Promise<void> {
      for (const hold of (await store.claimExpired(100)).filter(
        ({ tenantId }) => tenantId === this.#tenantId,
      )) {
        const attribution = JSON.parse(hold.facts) as Attribution;
        const events = await ledger.listEvents(hold.requestId);
        const known = events.find(({ attempt }) => attempt === FINAL_ATTEMPT);
        const totals = await ledger.append([
          known ?? event(attribution, hold.requestId, hold.amountNanoUsd, 'presumed'),
        ]);
        await store.settle(
          [{ ...hold, tokens: 0, scopes: hold.windows.map((window) => ({ ...window, limits: NO_LIMITS })) }],
          totals,
        );
      }
    }

    async #crash(replica: number): Promise<void> {
      const dead = this.#store(replica);
      if (this.#dead.has(dead)) return;
      this.#dead.add(dead);
      this.#stores[replica] = await openStore();
      await dead.stop();
      for (const [id, call] of this.#calls) if (call.store === dead) this.#calls.delete(id);
    }

    /** M1, from the ledger and what the gateways run, without asking Redis. */
    async #expectWithinLimits(): Promise<void> {
      const { rows } = await pool.query<{ request_id: string; cost: string; run_id: string | null }>(
        'SELECT request_id, cost_nano_usd AS cost, run_id FROM usage_events WHERE tenant_id = $1 AND attempt = 0',
        [this.#tenantId],
      );
      const exposures = rows.map(({ cost, run_id: runId }) => ({ amount: Number(cost), runId }));
      const ledgered = new Set(rows.map(({ request_id: id }) => id));
      for (const { hold, attribution } of this.#calls.values()) {
        if (!ledgered.has(hold.requestId))
          exposures.push({ amount: hold.amountNanoUsd, runId: attribution.runId });
      }
      const sum = (of: typeof exposures): number => of.reduce((total, { amount }) => total + amount, 0);
      expect(sum(exposures)).toBeLessThanOrEqual(LIMIT);
      for (const run of ['run-1', 'run-2'])
        expect(sum(exposures.filter(({ runId }) => runId === run))).toBeLessThanOrEqual(RUN_LIMIT);
    }

    /** Lets every hold expire, also those that a sweeper had claimed when it died. */
    async #letTimePass(): Promise<void> {
      const key = expiryKey(this.#tenantId);
      const connection = connectRedis(redis.url, { replyTimeoutMs: 5000 }, () => undefined);
      await connection.connect();
      for (const id of await connection.zrange(key, 0, -1)) await connection.zadd(key, 'XX', 0, id);
      connection.disconnect();
    }

    /** M2. A crash and a FLUSHALL together can lose a hold that nobody else knew: docs/operations/failures.md. */
    async #expectOneEndEach(): Promise<void> {
      const { rows } = await pool.query<{ id: string; ends: number }>(
        'SELECT request_id AS id, count(*) FILTER (WHERE attempt = 0)::int AS ends FROM usage_events WHERE tenant_id = $1 GROUP BY 1',
        [this.#tenantId],
      );
      const endsOf = new Map(rows.map(({ id, ends }) => [id, ends]));
      expect([...this.#admitted].filter((id) => endsOf.get(id) !== 1)).toEqual([]);
      const usage = await ledger.readUsage(this.#tenantId, monthOf(Date.now()));
      const ends = rows.reduce((sum, row) => sum + row.ends, 0);
      expect(usage.reduce((sum, { calls }) => sum + calls, 0)).toBe(ends);
    }

    /** M2 and M3: everything comes to rest, each admitted call has its one event, and Redis says what the ledger says. */
    async #finish(): Promise<void> {
      for (const { store, settle } of this.#unsettled) if (!this.#dead.has(store)) await settle();
      for (const call of [...this.#calls.values()]) {
        this.#calls.delete(call.hold.requestId);
        const totals = await ledger.append([
          event(call.attribution, call.hold.requestId, call.hold.amountNanoUsd, 'completed'),
        ]);
        await call.store.settle([{ ...call.hold, tokens: 0 }], totals);
      }
      const [store] = this.#stores;
      if (!store) return;
      const month = { scope: 't', window: monthOf(Date.now()) };
      const [total] = await ledger.readTotals(this.#tenantId, [month]);
      const { rows } = await pool.query<{ sum: string }>(
        'SELECT coalesce(sum(cost_nano_usd), 0) AS sum FROM usage_events WHERE tenant_id = $1',
        [this.#tenantId],
      );
      expect(total?.totalNanoUsd).toBe(Number(rows[0]?.sum));
      await this.#letTimePass();
      await this.#sweep(store);
      await this.#expectOneEndEach();
      // A crash and a FLUSHALL in the same instant can leave a total behind; the next call of the tenant brings it.
      await this.#hold({ kind: 'hold', replica: 0, amount: 0, run: 0 });
      await this.#end({ kind: 'end', call: 0, share: 0, settle: true });
      const [window] = await store.readWindows(this.#tenantId, [month]);
      const [swept] = await ledger.readTotals(this.#tenantId, [month]);
      expect(window).toEqual({ ...month, settledNanoUsd: swept?.totalNanoUsd, heldNanoUsd: 0 });
    }
  }

  it('keeps every admission within its limits, loses no call and ends in agreement with the ledger', async () => {
    const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rounds, (steps) => new Scenario().run(steps)),
      { numRuns: 15, endOnFailure: true },
    );
  }, 180_000);
});

function event(
  attribution: Attribution,
  requestId: string,
  costNanoUsd: number,
  status: UsageEvent['status'],
  attempt = FINAL_ATTEMPT,
): UsageEvent {
  return {
    ...attribution,
    ...NO_TOKENS,
    requestId,
    attempt,
    modelAsked: 'm',
    model: 'm',
    modelProvider: 'p',
    costNanoUsd,
    priceVersion: 'v',
    status,
    errorCode: null,
    usageSource: 'reported',
    streamed: false,
    latencyMs: 1,
    firstTokenMs: null,
    configHash: 'c',
  };
}
