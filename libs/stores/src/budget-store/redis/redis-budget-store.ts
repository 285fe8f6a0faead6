import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { ScopeTotal, ScopeWindow, TotalsReader } from '../../ledger/scope-total.js';
import { BudgetStoreUnavailableError } from '../budget-store-unavailable-error.js';
import {
  BudgetStore,
  type ExpiredHold,
  type Hold,
  type HoldOutcome,
  type Settlement,
  type WindowState,
} from '../budget-store.js';
import { TENANTS_KEY, epochKey, expiryKey, holdsKey, scopeKeys } from './budget-keys.js';
import { formatHoldRecord, holdArgs, holdKeys } from './hold-command.js';
import { parseHoldRecord, windowName } from './hold-record.js';
import { parseHoldReply } from './hold-reply.js';
import { LiveHolds, type TenantHolds } from './live-holds.js';
import { RedisScript } from './redis-script.js';
import { ScopeTable } from './scope-table.js';
import { Upkeep } from './upkeep.js';
import { windowTtlMs } from './window-ttl.js';

const HEARTBEAT_MS = 200;
/** Cold admission waits this long: four heartbeats, in which every live gateway registers its holds again. */
const OPENING_MS = 4 * HEARTBEAT_MS;
const HOLD_DEADLINE_MS = 3000;
const CANCELLATION_REMEMBERED_MS = 60_000;
const CLAIM_MS = 15_000;
const BATCH_SIZE = 100;
/** A tenant with calls is put on the sweepers' list at least this often … */
const ANNOUNCE_MS = 5 * 60_000;
/** … and leaves it when it has no holds and was not put there for this long; the gap forgives clocks that differ. */
const FORGET_TENANT_MS = 15 * 60_000;

/** What the Redis store needs. */
export interface RedisBudgetStoreOptions {
  readonly redis: Redis;
  readonly totals: TotalsReader;
  /** Told of trouble in background work; the work itself goes on. */
  readonly onBackgroundError: (error: unknown) => void;
}

/** Budgets in Redis or Valkey: one script call on one hash slot for each hold. */
export class RedisBudgetStore extends BudgetStore {
  readonly #redis: Redis;
  readonly #totals: TotalsReader;
  readonly #live = new LiveHolds();
  readonly #announcedAtMs = new Map<string, number>();
  readonly #upkeep: Upkeep;
  readonly #onBackgroundError: (error: unknown) => void;
  readonly #scripts = {
    hold: new RedisScript(new URL('./hold.lua', import.meta.url)),
    settle: new RedisScript(new URL('./settle.lua', import.meta.url)),
    register: new RedisScript(new URL('./register.lua', import.meta.url)),
    claimExpired: new RedisScript(new URL('./claim-expired.lua', import.meta.url)),
    recount: new RedisScript(new URL('./recount.lua', import.meta.url)),
  };

  constructor(options: RedisBudgetStoreOptions) {
    super();
    this.#redis = options.redis;
    this.#totals = options.totals;
    this.#onBackgroundError = options.onBackgroundError;
    this.#upkeep = new Upkeep(HEARTBEAT_MS, () => this.#heartbeat(), options.onBackgroundError);
  }

  async start(): Promise<void> {
    this.#redis.on('ready', () => {
      this.#announcedAtMs.clear();
      // Ahead of any call: a registration that had to be sent again could be behind the end of its holds.
      for (const script of Object.values(this.#scripts))
        script.load(this.#redis).catch(this.#onBackgroundError);
      this.#live.doubtAll();
    });
    await this.#redis.connect().catch(() => undefined); // It reconnects for ever; until then holds are refused.
    this.#upkeep.start();
  }

  async stop(): Promise<void> {
    await this.#upkeep.stop();
    this.#redis.disconnect();
  }

  async hold(hold: Hold): Promise<HoldOutcome> {
    try {
      if (Date.now() - (this.#announcedAtMs.get(hold.tenantId) ?? 0) > ANNOUNCE_MS)
        await this.#announce(hold.tenantId);
      return await this.#holdOnceOpen(hold);
    } catch (error) {
      this.#live.of(hold.tenantId).doubtful.set(hold.requestId, hold);
      throw error instanceof BudgetStoreUnavailableError ? error : new BudgetStoreUnavailableError(error);
    }
  }

  async #holdOnceOpen(hold: Hold): Promise<HoldOutcome> {
    const { requestId, tenantId, scopes } = hold;
    let seeds: readonly ScopeTotal[] = [];
    for (const deadline = Date.now() + HOLD_DEADLINE_MS; ;) {
      const raw = await this.#scripts.hold.run(
        this.#redis,
        holdKeys(hold),
        holdArgs(hold, OPENING_MS, seeds),
      );
      const { epoch, state, outcome, waitMs } = parseHoldReply(raw, scopes);
      const tenant = this.#live.of(tenantId);
      if (outcome?.held) tenant.live.set(requestId, { hold, epoch });
      this.#noticeEpoch(tenantId, tenant, epoch);
      if (outcome) return outcome;
      if (Date.now() > deadline) throw new BudgetStoreUnavailableError(new Error(`no admission: ${state}`));
      if (state === 'unseeded') seeds = await this.#totals.readTotals(tenantId, scopes);
      else if (state === 'cold') await this.#upkeep.wait(waitMs);
      else throw new BudgetStoreUnavailableError(new Error('the hold was cancelled'));
    }
  }

  // A new epoch means that the server forgot: the running holds go back at once, ahead of the next heartbeat.
  #noticeEpoch(tenantId: string, tenant: TenantHolds, epoch: string): void {
    if (epoch === tenant.epoch) return;
    tenant.epoch = epoch;
    if (tenant.hasUnregistered) this.#register(tenantId, tenant).catch(this.#onBackgroundError);
  }

  async settle(settlements: readonly Settlement[], totals: readonly ScopeTotal[]): Promise<void> {
    await Promise.all(
      [...groupByTenant(settlements)].map(([tenantId, group]) =>
        this.#settleTenant('settle', tenantId, group, totals),
      ),
    );
  }

  async cancel(hold: Hold): Promise<void> {
    await this.#settleTenant('cancel', hold.tenantId, [{ ...hold, tokens: 0 }], []);
  }

  async #settleTenant(
    mode: 'settle' | 'cancel',
    tenantId: string,
    settlements: readonly Settlement[],
    totals: readonly ScopeTotal[],
  ): Promise<void> {
    const byName = new Map(
      totals.filter((total) => total.tenantId === tenantId).map((total) => [windowName(total), total]),
    );
    for (let from = 0; from < settlements.length; from += BATCH_SIZE) {
      const batch = settlements.slice(from, from + BATCH_SIZE);
      const table = new ScopeTable<Settlement['scopes'][number]>();
      const holds = batch.map((settlement) => [
        settlement.requestId,
        settlement.tokens,
        ...counted(table.numbersOf(settlement.scopes)),
      ]);
      const scopes = table.windows.map((scope) => {
        const total = byName.get(windowName(scope));
        return [
          total?.totalNanoUsd ?? '',
          total?.version ?? '',
          scope.limits.tokensPerMinute ?? '',
          windowTtlMs(scope),
        ];
      });
      const keys = [holdsKey(tenantId), expiryKey(tenantId), ...scopeKeys(tenantId, table.windows)];
      const args = [
        mode,
        CANCELLATION_REMEMBERED_MS,
        table.windows.length,
        ...scopes.flat(),
        ...holds.flat(),
      ];
      const ids = batch.map(({ requestId }) => requestId);
      await this.#live.ending(tenantId, ids, () => this.#scripts.settle.run(this.#redis, keys, args));
    }
  }

  async claimExpired(limit: number): Promise<ExpiredHold[]> {
    const claimed: ExpiredHold[] = [];
    for (const tenantId of await this.#redis.zrevrange(TENANTS_KEY, 0, -1)) {
      if (claimed.length >= limit) break;
      const reply = await this.#scripts.claimExpired.run(
        this.#redis,
        [holdsKey(tenantId), expiryKey(tenantId)],
        [limit - claimed.length, CLAIM_MS],
      );
      const [running, ...pairs] = reply as [number, ...string[]];
      for (let i = 0; i + 1 < pairs.length; i += 2)
        claimed.push(parseHoldRecord(tenantId, pairs[i] ?? '', pairs[i + 1] ?? ''));
      if (running === 0) await this.#forgetIdle(tenantId);
    }
    return claimed;
  }

  async readWindows(tenantId: string, windows: readonly ScopeWindow[]): Promise<WindowState[]> {
    const keys = scopeKeys(tenantId, windows);
    const totals = await this.#totals.readTotals(tenantId, windows);
    return Promise.all(
      windows.map(async ({ scope, window }, index) => {
        const [settled, held] = await this.#redis.hmget(keys[2 * index] ?? '', 'settled', 'held');
        return {
          scope,
          window,
          settledNanoUsd: settled == null ? (totals[index]?.totalNanoUsd ?? 0) : Number(settled),
          heldNanoUsd: Number(held ?? 0),
        };
      }),
    );
  }

  async reconcile(): Promise<number> {
    let driftNanoUsd = 0;
    for (const [tenantId, tenant] of this.#live.active()) {
      await this.#extend(tenantId, tenant);
      const windows = tenant.windows();
      if (windows.length === 0) continue;
      const totals = await this.#totals.readTotals(tenantId, windows);
      const args = totals.flatMap((total) => [windowName(total), total.totalNanoUsd, total.version]);
      const keys = [holdsKey(tenantId), ...scopeKeys(tenantId, windows)];
      driftNanoUsd += Number(await this.#scripts.recount.run(this.#redis, keys, args));
    }
    return driftNanoUsd;
  }

  async ping(): Promise<void> {
    await this.#redis.ping();
  }

  /** Puts the tenant on the list that sweepers go through, before its first hold of this connection. */
  async #announce(tenantId: string): Promise<void> {
    await this.#redis.zadd(TENANTS_KEY, Date.now(), tenantId);
    this.#announcedAtMs.set(tenantId, Date.now());
  }

  async #forgetIdle(tenantId: string): Promise<void> {
    const announcedAtMs = Number(await this.#redis.zscore(TENANTS_KEY, tenantId));
    if (Date.now() - announcedAtMs > FORGET_TENANT_MS) await this.#redis.zrem(TENANTS_KEY, tenantId);
  }

  /** Notices a server that forgot, keeps running holds from expiring, and cancels those whose fate is unknown. */
  async #heartbeat(): Promise<void> {
    if (this.#redis.status !== 'ready') return;
    await Promise.all(this.#live.active().map(([tenantId, tenant]) => this.#attend(tenantId, tenant)));
  }

  async #attend(tenantId: string, tenant: TenantHolds): Promise<void> {
    for (const hold of tenant.doubtful.values()) await this.cancel(hold);
    if (tenant.live.size === 0) return;
    tenant.epoch = (await this.#redis.hget(epochKey(tenantId), 'id')) ?? undefined;
    const ttlMs = tenant.live.values().next().value?.hold.ttlMs ?? 0;
    if (Date.now() - tenant.extendedAtMs > ttlMs / 3) await this.#extend(tenantId, tenant);
    else if (tenant.hasUnregistered) await this.#register(tenantId, tenant);
  }

  /** Shows Redis that the tenant's calls still run. */
  async #extend(tenantId: string, tenant: TenantHolds): Promise<void> {
    await this.#announce(tenantId);
    await this.#register(tenantId, tenant);
    tenant.extendedAtMs = Date.now();
  }

  async #register(tenantId: string, tenant: TenantHolds): Promise<void> {
    const entries = [...tenant.live.values()];
    for (let from = 0; from < entries.length; from += BATCH_SIZE) {
      // A call may have ended while the batch before was under way: it must not come back.
      const batch = entries
        .slice(from, from + BATCH_SIZE)
        .filter(({ hold }) => tenant.live.has(hold.requestId));
      const table = new ScopeTable<ScopeWindow>();
      const holds = batch.map(({ hold }) => [
        hold.requestId,
        hold.amountNanoUsd,
        hold.ttlMs,
        formatHoldRecord(hold),
        ...counted(table.numbersOf(hold.scopes)),
      ]);
      const keys = [
        epochKey(tenantId),
        holdsKey(tenantId),
        expiryKey(tenantId),
        ...scopeKeys(tenantId, table.windows),
      ];
      const args = [
        randomUUID(),
        OPENING_MS,
        table.windows.length,
        ...table.windows.map(windowTtlMs),
        ...holds.flat(),
      ];
      const epoch = String(await this.#scripts.register.run(this.#redis, keys, args));
      for (const entry of batch) entry.epoch = epoch;
    }
  }
}

const counted = (numbers: readonly number[]): number[] => [numbers.length, ...numbers];

function groupByTenant(settlements: readonly Settlement[]): Map<string, Settlement[]> {
  return Map.groupBy(settlements, (settlement) => settlement.tenantId);
}
