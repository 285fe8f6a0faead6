import type { Clock } from '@tollgate/domain';
import type { ScopeTotal, ScopeWindow, TotalsReader } from '../../ledger/scope-total.js';
import { BudgetStoreUnavailableError } from '../budget-store-unavailable-error.js';
import {
  BudgetStore,
  type BudgetScope,
  type ExpiredHold,
  type Headroom,
  type Hold,
  type HoldOutcome,
  type Refusal,
  type Settlement,
  type WindowState,
} from '../budget-store.js';
import { RequestRate, TokenRate } from './rate.js';

const CLAIM_MS = 15_000;
const MAX_IDLE_RUNS = 10_000;

interface Window {
  settledNanoUsd: number;
  heldNanoUsd: number;
  version: number;
}

interface Rates {
  readonly requests: RequestRate;
  readonly tokens: TokenRate;
  live: number;
}

/** What the memory store needs: the ledger to seed windows from, and the time. */
export interface MemoryBudgetStoreOptions {
  readonly totals: TotalsReader;
  readonly clock: Clock;
}

/**
 * Budgets in the memory of one process: the embedded default. Exact while the process lives; holds of a process
 * that is killed are forgotten with it, which is why strict mode asks for an acknowledgement.
 */
export class MemoryBudgetStore extends BudgetStore {
  readonly #windows = new Map<string, Window>();
  readonly #rates = new Map<string, Rates>();
  readonly #holds = new Map<string, { readonly hold: Hold; expiresAtMs: number }>();

  constructor(private readonly options: MemoryBudgetStoreOptions) {
    super();
  }

  async hold(hold: Hold): Promise<HoldOutcome> {
    await this.#seed(hold.tenantId, hold.scopes);
    // From here to the end nothing waits: the step is atomic.
    const nowMs = this.options.clock.now();
    const refusal = this.#refusal(hold, nowMs);
    if (refusal) return { held: false, refusal };
    this.#holds.set(hold.requestId, { hold, expiresAtMs: nowMs + hold.ttlMs });
    return { held: true, headroom: this.#take(hold, nowMs) };
  }

  settle(settlements: readonly Settlement[], totals: readonly ScopeTotal[]): Promise<void> {
    for (const total of totals) this.#apply(total);
    for (const { requestId, tokens } of settlements) {
      const entry = this.#holds.get(requestId);
      if (!entry) continue;
      this.#holds.delete(requestId);
      for (const scope of entry.hold.scopes) {
        const rates = this.#ratesOf(entry.hold.tenantId, scope);
        this.#window(entry.hold.tenantId, scope).heldNanoUsd -= entry.hold.amountNanoUsd;
        rates.live -= 1;
        rates.tokens.giveBack(scope.limits.tokensPerMinute ?? 0, entry.hold.tokens - tokens);
      }
    }
    return Promise.resolve();
  }

  async cancel(hold: Hold): Promise<void> {
    await this.settle([{ ...hold, tokens: 0 }], []);
  }

  claimExpired(limit: number): Promise<ExpiredHold[]> {
    const nowMs = this.options.clock.now();
    const expired = [...this.#holds.values()].filter((entry) => entry.expiresAtMs <= nowMs).slice(0, limit);
    for (const entry of expired) entry.expiresAtMs = nowMs + CLAIM_MS;
    return Promise.resolve(expired.map(({ hold }) => ({ ...hold, windows: hold.scopes })));
  }

  async readWindows(tenantId: string, windows: readonly ScopeWindow[]): Promise<WindowState[]> {
    await this.#seed(tenantId, windows);
    return windows.map(({ scope, window }) => {
      const { settledNanoUsd, heldNanoUsd } = this.#window(tenantId, { scope, window });
      return { scope, window, settledNanoUsd, heldNanoUsd };
    });
  }

  async reconcile(): Promise<number> {
    this.#forgetIdleRuns();
    let driftNanoUsd = 0;
    const tenants = Map.groupBy(this.#holds.values(), ({ hold }) => hold.tenantId);
    for (const [tenantId, entries] of tenants) {
      // A running hold is a live one here: its process is this one.
      for (const entry of entries) entry.expiresAtMs = this.options.clock.now() + entry.hold.ttlMs;
      for (const total of await this.options.totals.readTotals(
        tenantId,
        entries.flatMap(({ hold }) => hold.scopes),
      )) {
        const window = this.#window(tenantId, total);
        if (total.version >= window.version)
          driftNanoUsd += Math.abs(total.totalNanoUsd - window.settledNanoUsd);
        this.#apply(total);
      }
    }
    return driftNanoUsd;
  }

  async ping(): Promise<void> {}

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  // Clients name runs freely; one that comes back is seeded from the ledger again.
  #forgetIdleRuns(): void {
    if (this.#windows.size <= MAX_IDLE_RUNS) return;
    for (const [key, window] of this.#windows)
      if (key.includes(' r:') && window.heldNanoUsd === 0) this.#windows.delete(key);
    for (const [key, rates] of this.#rates)
      if (key.includes(' r:') && rates.live === 0) this.#rates.delete(key);
  }

  async #seed(tenantId: string, windows: readonly ScopeWindow[]): Promise<void> {
    const missing = windows.filter((window) => !this.#windows.has(windowKey(tenantId, window)));
    if (missing.length === 0) return;
    try {
      for (const total of await this.options.totals.readTotals(tenantId, missing)) this.#apply(total);
    } catch (error) {
      throw new BudgetStoreUnavailableError(error);
    }
  }

  #apply(total: ScopeTotal): void {
    const window = this.#window(total.tenantId, total);
    if (total.version <= window.version) return;
    window.settledNanoUsd = total.totalNanoUsd;
    window.version = total.version;
  }

  #window(tenantId: string, scope: ScopeWindow): Window {
    const key = windowKey(tenantId, scope);
    let window = this.#windows.get(key);
    if (!window) this.#windows.set(key, (window = { settledNanoUsd: 0, heldNanoUsd: 0, version: -1 }));
    return window;
  }

  #ratesOf(tenantId: string, { scope }: ScopeWindow): Rates {
    const key = `${tenantId} ${scope}`;
    let rates = this.#rates.get(key);
    if (!rates)
      this.#rates.set(key, (rates = { requests: new RequestRate(), tokens: new TokenRate(), live: 0 }));
    return rates;
  }

  #refusal(hold: Hold, nowMs: number): Refusal | undefined {
    for (const scope of hold.scopes) {
      const { settledNanoUsd, heldNanoUsd } = this.#window(hold.tenantId, scope);
      const limit = scope.limits.budgetNanoUsd;
      if (limit !== undefined && limit - settledNanoUsd - heldNanoUsd < hold.amountNanoUsd) {
        return {
          reason: 'budget',
          scope: scope.scope,
          window: scope.window,
          limit,
          used: settledNanoUsd,
          held: heldNanoUsd,
          retryAfterMs: undefined,
        };
      }
    }
    for (const scope of hold.scopes) {
      const refusal = this.#rateRefusal(hold, scope, nowMs);
      if (refusal) return refusal;
    }
    return undefined;
  }

  #rateRefusal(hold: Hold, scope: BudgetScope, nowMs: number): Refusal | undefined {
    const { requestsPerMinute, tokensPerMinute, maxConcurrency } = scope.limits;
    const rates = this.#ratesOf(hold.tenantId, scope);
    const place = { scope: scope.scope, window: scope.window, held: 0 };
    const requests =
      requestsPerMinute === undefined ? undefined : rates.requests.refusal(requestsPerMinute, nowMs);
    if (requests) return { ...place, ...requests, reason: 'requests', limit: requestsPerMinute ?? 0 };
    if (maxConcurrency !== undefined && rates.live >= maxConcurrency) {
      return {
        ...place,
        reason: 'concurrency',
        limit: maxConcurrency,
        used: rates.live,
        retryAfterMs: maxConcurrency === 0 ? undefined : 1000,
      };
    }
    const tokens =
      tokensPerMinute === undefined ? undefined : rates.tokens.refusal(tokensPerMinute, hold.tokens, nowMs);
    if (tokens) return { ...place, ...tokens, reason: 'tokens', limit: tokensPerMinute ?? 0 };
    return undefined;
  }

  #take(hold: Hold, nowMs: number): Headroom {
    const lefts: (number | undefined)[] = [];
    const rates = hold.scopes.map((scope) => {
      const window = this.#window(hold.tenantId, scope);
      window.heldNanoUsd += hold.amountNanoUsd;
      const { budgetNanoUsd: limit, requestsPerMinute, tokensPerMinute } = scope.limits;
      lefts.push(limit === undefined ? undefined : limit - window.settledNanoUsd - window.heldNanoUsd);
      const rate = this.#ratesOf(hold.tenantId, scope);
      rate.live += 1;
      return {
        requests: requestsPerMinute === undefined ? undefined : rate.requests.take(requestsPerMinute, nowMs),
        tokens:
          tokensPerMinute === undefined ? undefined : rate.tokens.take(tokensPerMinute, hold.tokens, nowMs),
      };
    });
    const { requests, tokens } = rates[0] ?? {};
    const limited = lefts.filter((left) => left !== undefined);
    return {
      budgetNanoUsd: limited.length > 0 ? Math.min(...limited) : undefined,
      tenantBudgetNanoUsd: lefts[0],
      requests: requests?.left,
      requestsResetMs: requests?.resetMs ?? 0,
      tokens: tokens?.left,
      tokensResetMs: tokens?.resetMs ?? 0,
    };
  }
}

const windowKey = (tenantId: string, { scope, window }: ScopeWindow): string =>
  `${tenantId} ${scope} ${window}`;
