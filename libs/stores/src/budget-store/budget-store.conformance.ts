import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NO_LIMITS, monthOf, uuidV7, type Limits } from '@tollgate/domain';
import type { ScopeTotal, ScopeWindow, TotalsReader } from '../ledger/scope-total.js';
import type { BudgetScope, BudgetStore, Hold, HoldOutcome } from './budget-store.js';

const MONTH = monthOf(Date.now());

/** A ledger's totals that a test sets by hand. */
export class SettableTotals implements TotalsReader {
  readonly #totals = new Map<string, ScopeTotal>();

  set(tenantId: string, window: ScopeWindow, totalNanoUsd: number): ScopeTotal {
    const key = `${tenantId} ${window.scope} ${window.window}`;
    const total = {
      tenantId,
      scope: window.scope,
      window: window.window,
      totalNanoUsd,
      version: (this.#totals.get(key)?.version ?? 0) + 1,
    };
    this.#totals.set(key, total);
    return total;
  }

  readTotals(tenantId: string, windows: readonly ScopeWindow[]): Promise<ScopeTotal[]> {
    return Promise.resolve(
      windows.map(
        ({ scope, window }) =>
          this.#totals.get(`${tenantId} ${scope} ${window}`) ?? {
            tenantId,
            scope,
            window,
            totalNanoUsd: 0,
            version: 0,
          },
      ),
    );
  }
}

/** One implementation under test. */
export interface BudgetStoreFixture {
  readonly store: BudgetStore;
  readonly totals: SettableTotals;
  /** Lets the store's process die, as far as it can; answers a store that sees what it left. */
  crash(): Promise<BudgetStore>;
  close(): Promise<void>;
}

function scope(limits: Partial<Limits>, name = 't'): BudgetScope {
  return {
    scope: name,
    window: name.startsWith('r:') ? 'total' : MONTH,
    limits: { ...NO_LIMITS, ...limits },
  };
}

/** The behaviour every budget store shares. */
export function describeBudgetStore(name: string, open: () => Promise<BudgetStoreFixture>): void {
  describe(`${name} keeps budgets`, () => {
    let fixture: BudgetStoreFixture;
    let tenantId: string;

    beforeEach(async () => {
      fixture = await open();
      tenantId = `tenant-${uuidV7(Date.now())}`;
    });

    afterEach(() => fixture.close());

    function newHold(scopes: readonly BudgetScope[], amountNanoUsd: number, more: Partial<Hold> = {}): Hold {
      return {
        requestId: uuidV7(Date.now()),
        tenantId,
        scopes,
        amountNanoUsd,
        tokens: 0,
        ttlMs: 60_000,
        facts: '{"a":"|\\n"}',
        ...more,
      };
    }
    const hold = (
      scopes: readonly BudgetScope[],
      amountNanoUsd: number,
      more: Partial<Hold> = {},
    ): Promise<HoldOutcome> => fixture.store.hold(newHold(scopes, amountNanoUsd, more));
    const windowState = async (window: ScopeWindow): Promise<unknown> =>
      (await fixture.store.readWindows(tenantId, [window]))[0];

    it('holds up to the limit to the nano-dollar and not one beyond', async () => {
      const scopes = [scope({ budgetNanoUsd: 1000 })];
      expect(await hold(scopes, 600)).toMatchObject({ held: true, headroom: { budgetNanoUsd: 400 } });
      expect(await hold(scopes, 401)).toEqual({
        held: false,
        refusal: {
          reason: 'budget',
          scope: 't',
          window: MONTH,
          limit: 1000,
          used: 0,
          held: 600,
          retryAfterMs: undefined,
        },
      });
      expect(await hold(scopes, 400)).toMatchObject({ held: true, headroom: { budgetNanoUsd: 0 } });
      expect(await hold(scopes, 1)).toMatchObject({ held: false });
    });

    it('lets nothing be spent from a budget of 0, and knows no limit where there is none', async () => {
      expect(await hold([scope({ budgetNanoUsd: 0 })], 1)).toMatchObject({
        held: false,
        refusal: { reason: 'budget', limit: 0 },
      });
      expect(await hold([scope({})], Number.MAX_SAFE_INTEGER)).toMatchObject({
        held: true,
        headroom: { budgetNanoUsd: undefined },
      });
    });

    it('never admits more than the limit to parallel calls', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, () => hold([scope({ budgetNanoUsd: 1000 })], 99)),
      );
      expect(outcomes.filter((outcome) => outcome.held)).toHaveLength(10);
    });

    it('starts from what the ledger says was spent', async () => {
      fixture.totals.set(tenantId, scope({}), 900);
      expect(await hold([scope({ budgetNanoUsd: 1000 })], 101)).toMatchObject({
        held: false,
        refusal: { used: 900, held: 0 },
      });
      expect(await hold([scope({ budgetNanoUsd: 1000 })], 100)).toMatchObject({ held: true });
    });

    it('keeps amounts exact at the edge of safe integers', async () => {
      const limit = Number.MAX_SAFE_INTEGER;
      fixture.totals.set(tenantId, scope({}), limit - 3);
      expect(await hold([scope({ budgetNanoUsd: limit })], 4)).toMatchObject({
        held: false,
        refusal: { used: limit - 3, limit },
      });
      expect(await hold([scope({ budgetNanoUsd: limit })], 3)).toMatchObject({ held: true });
      expect(await windowState(scope({}))).toMatchObject({ settledNanoUsd: limit - 3, heldNanoUsd: 3 });
    });

    it('reserves in all scopes or in none, and names the one that refuses', async () => {
      const tenant = scope({ budgetNanoUsd: 1000 });
      const agent = scope({ budgetNanoUsd: 100 }, 'a:planner');
      const run = scope({ budgetNanoUsd: 50 }, 'r:run-1');
      expect(await hold([tenant, agent, run], 51)).toMatchObject({
        held: false,
        refusal: { scope: 'r:run-1', window: 'total', limit: 50 },
      });
      expect(await windowState(tenant)).toMatchObject({ heldNanoUsd: 0 });
      expect(await hold([tenant, agent, run], 50)).toMatchObject({
        held: true,
        headroom: { budgetNanoUsd: 0, tenantBudgetNanoUsd: 950 },
      });
      for (const window of [tenant, agent, run])
        expect(await windowState(window)).toMatchObject({ heldNanoUsd: 50 });
    });

    it('settles by releasing the hold and taking over the total, however often and in whatever order', async () => {
      const scopes = [scope({ budgetNanoUsd: 1000 })];
      const [first, second] = [newHold(scopes, 400), newHold(scopes, 400)];
      await fixture.store.hold(first);
      await fixture.store.hold(second);
      const afterFirst = fixture.totals.set(tenantId, scope({}), 10);
      const afterSecond = fixture.totals.set(tenantId, scope({}), 30);
      await fixture.store.settle([second], [afterSecond]);
      await fixture.store.settle([first], [afterFirst]);
      await fixture.store.settle([first, second], [afterFirst]);
      expect(await windowState(scope({}))).toMatchObject({ settledNanoUsd: 30, heldNanoUsd: 0 });
    });

    it('never brings a hold back to life by repairs that run while it is settled', async () => {
      const scopes = [scope({ budgetNanoUsd: 1_000_000, maxConcurrency: 1000 })];
      for (let round = 0; round < 20; round += 1) {
        const holds = Array.from({ length: 20 }, () => newHold(scopes, 10));
        await Promise.all(holds.map((held) => fixture.store.hold(held)));
        const repairs = [fixture.store.reconcile(), fixture.store.reconcile()];
        for (const held of holds) {
          repairs.push(fixture.store.settle([held], []).then(() => 0));
          await new Promise((resolve) => setImmediate(resolve));
        }
        await Promise.all(repairs);
      }
      expect(await windowState(scope({}))).toMatchObject({ heldNanoUsd: 0 });
    });

    it('takes over a total that a correction lowered', async () => {
      const held = newHold([scope({ budgetNanoUsd: 1000 })], 400);
      await fixture.store.hold(held);
      await fixture.store.settle([held], [fixture.totals.set(tenantId, scope({}), 400)]);
      await fixture.store.settle([], [fixture.totals.set(tenantId, scope({}), 25)]);
      await fixture.store.settle([held], [fixture.totals.set(tenantId, scope({}), 26)]);
      expect(await windowState(scope({}))).toMatchObject({ settledNanoUsd: 26, heldNanoUsd: 0 });
    });

    it('gives everything back when a hold is cancelled', async () => {
      const scopes = [scope({ budgetNanoUsd: 100, tokensPerMinute: 50, maxConcurrency: 1 })];
      const held = newHold(scopes, 100, { tokens: 50 });
      await fixture.store.hold(held);
      await fixture.store.cancel(held);
      expect(await hold(scopes, 100, { tokens: 50 })).toMatchObject({ held: true });
    });

    it('limits requests per minute and says when to come back', async () => {
      const scopes = [scope({ requestsPerMinute: 3 })];
      const left = [];
      for (let i = 0; i < 3; i += 1) left.push(await hold(scopes, 0));
      expect(left).toMatchObject([
        { headroom: { requests: 2 } },
        { headroom: { requests: 1 } },
        { headroom: { requests: 0 } },
      ]);
      const refused = await hold(scopes, 0);
      expect(refused).toMatchObject({ held: false, refusal: { reason: 'requests', limit: 3, used: 3 } });
      const retryAfterMs = refused.held ? 0 : refused.refusal.retryAfterMs;
      expect(retryAfterMs).toBeGreaterThan(15_000);
      expect(retryAfterMs).toBeLessThanOrEqual(20_000);
      expect(await hold([scope({ requestsPerMinute: 0 })], 0)).toMatchObject({
        held: false,
        refusal: { reason: 'requests', retryAfterMs: undefined },
      });
    });

    it('limits tokens per minute and puts back those that were not used', async () => {
      const scopes = [scope({ tokensPerMinute: 1000 })];
      const held = newHold(scopes, 0, { tokens: 900 });
      expect(await fixture.store.hold(held)).toMatchObject({ held: true, headroom: { tokens: 100 } });
      expect(await hold(scopes, 0, { tokens: 500 })).toMatchObject({
        held: false,
        refusal: { reason: 'tokens', limit: 1000 },
      });
      await fixture.store.settle([{ ...held, tokens: 100 }], []);
      expect(await hold(scopes, 0, { tokens: 500 })).toMatchObject({ held: true });
      expect(await hold(scopes, 0, { tokens: 1001 })).toMatchObject({
        held: false,
        refusal: { reason: 'tokens', retryAfterMs: undefined },
      });
    });

    it('limits calls at the same time', async () => {
      const scopes = [scope({ maxConcurrency: 2 })];
      const held = newHold(scopes, 0);
      await fixture.store.hold(held);
      await hold(scopes, 0);
      expect(await hold(scopes, 0)).toMatchObject({
        held: false,
        refusal: { reason: 'concurrency', limit: 2, used: 2 },
      });
      await fixture.store.settle([held], []);
      expect(await hold(scopes, 0)).toMatchObject({ held: true });
    });

    it('consumes nothing when it refuses', async () => {
      const poor = [
        scope({ budgetNanoUsd: 10, requestsPerMinute: 1, tokensPerMinute: 10, maxConcurrency: 1 }),
      ];
      for (let i = 0; i < 5; i += 1)
        expect(await hold(poor, 11, { tokens: 1 })).toMatchObject({ refusal: { reason: 'budget' } });
      for (let i = 0; i < 5; i += 1)
        expect(await hold(poor, 1, { tokens: 11 })).toMatchObject({ refusal: { reason: 'tokens' } });
      expect(await hold(poor, 10, { tokens: 10 })).toMatchObject({ held: true });
    });

    it('takes a changed limit at the next call and keeps what was spent', async () => {
      await hold([scope({ budgetNanoUsd: 1000 })], 600);
      expect(await hold([scope({ budgetNanoUsd: 700 })], 101)).toMatchObject({
        held: false,
        refusal: { limit: 700, held: 600 },
      });
      expect(await hold([scope({ budgetNanoUsd: 701 })], 101)).toMatchObject({ held: true });
    });

    it('hands an expired hold to one sweeper only, with all it needs to write the event', async () => {
      const scopes = [scope({ budgetNanoUsd: 1000 }), scope({}, 'a:x@y')];
      const held = newHold(scopes, 70, { ttlMs: 0 });
      await fixture.store.hold(held);
      const survivor = await fixture.crash();
      const [claimed, again] = [await survivor.claimExpired(10), await survivor.claimExpired(10)];
      const windows = scopes.map(
        ({ scope: name, window }) => expect.objectContaining({ scope: name, window }) as unknown,
      );
      expect(claimed.filter((expired) => expired.tenantId === tenantId)).toEqual([
        expect.objectContaining({
          requestId: held.requestId,
          tenantId,
          amountNanoUsd: 70,
          facts: held.facts,
          windows,
        }),
      ]);
      expect(again.filter((expired) => expired.tenantId === tenantId)).toEqual([]);
    });

    it('repairs its windows from the ledger', async () => {
      const held = newHold([scope({ budgetNanoUsd: 1000 })], 100);
      await fixture.store.hold(held);
      fixture.totals.set(tenantId, scope({}), 250);
      expect(await fixture.store.reconcile()).toBeGreaterThanOrEqual(250);
      expect(await fixture.store.reconcile()).toBe(0);
      expect(await windowState(scope({}))).toMatchObject({ settledNanoUsd: 250, heldNanoUsd: 100 });
    });
  });
}
