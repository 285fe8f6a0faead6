import type { Limits } from '@tollgate/domain';
import type { ScopeTotal, ScopeWindow } from '../ledger/scope-total.js';

/** A scope that a call is counted in, with the limits in force for this call. */
export interface BudgetScope extends ScopeWindow {
  readonly limits: Limits;
}

/** Money, tokens and a place reserved for one call, in every one of its scopes at once. */
export interface Hold {
  readonly requestId: string;
  readonly tenantId: string;
  /** The tenant's own scope first. */
  readonly scopes: readonly BudgetScope[];
  /** The most the call can cost. */
  readonly amountNanoUsd: number;
  /** The most tokens the call can use, input and output together. */
  readonly tokens: number;
  /** How long the hold stands without a sign of life from its gateway. */
  readonly ttlMs: number;
  /** What a sweeper must know to write the usage event of a gateway that died; JSON, opaque to the store. */
  readonly facts: string;
}

/** What is left in the tenant's scope after a hold; undefined where there is no limit. */
export interface Headroom {
  /** Of the tightest budget over all scopes. */
  readonly budgetNanoUsd: number | undefined;
  /** Of the tenant's own budget. */
  readonly tenantBudgetNanoUsd: number | undefined;
  readonly requests: number | undefined;
  /** Until the request limit is whole again. */
  readonly requestsResetMs: number;
  readonly tokens: number | undefined;
  /** Until the token limit is whole again. */
  readonly tokensResetMs: number;
}

/** Why a hold was refused: the limit that does not fit and where it stands. */
export interface Refusal {
  readonly reason: 'budget' | 'requests' | 'tokens' | 'concurrency';
  readonly scope: string;
  readonly window: string;
  readonly limit: number;
  /** Settled money, or units of the rate in use. */
  readonly used: number;
  /** Money held by running calls; 0 for rates. */
  readonly held: number;
  /** When to try again; undefined when waiting does not help. */
  readonly retryAfterMs: number | undefined;
}

/** The answer to a hold: granted with what is left, or refused with the reason; a refusal consumes nothing. */
export type HoldOutcome =
  { readonly held: true; readonly headroom: Headroom } | { readonly held: false; readonly refusal: Refusal };

/** The end of a hold. */
export interface Settlement {
  readonly requestId: string;
  readonly tenantId: string;
  readonly scopes: readonly BudgetScope[];
  /** Tokens really used; the difference to the held ones goes back into the token buckets. */
  readonly tokens: number;
}

/** A hold whose gateway gave no sign of life until its expiry. */
export interface ExpiredHold {
  readonly requestId: string;
  readonly tenantId: string;
  readonly windows: readonly ScopeWindow[];
  readonly amountNanoUsd: number;
  readonly facts: string;
}

/** Where one window stands. */
export interface WindowState extends ScopeWindow {
  readonly settledNanoUsd: number;
  readonly heldNanoUsd: number;
}

/**
 * Reserves money and rates for calls and settles them from the ledger's totals.
 *
 * Invariant M1: for every scope and window, settled + held ≤ limit at every admission. Totals are applied by their
 * version and never added, so settling is idempotent, in any order, and heals whatever a store lost.
 */
export abstract class BudgetStore {
  /**
   * Reserves in all scopes or in none, in one atomic step.
   * @throws BudgetStoreUnavailableError when the store cannot answer; the hold is then cancelled when it can.
   */
  abstract hold(hold: Hold): Promise<HoldOutcome>;
  /** Ends holds whose events are durable and raises their windows to the ledger's totals; repeating it is harmless. */
  abstract settle(settlements: readonly Settlement[], totals: readonly ScopeTotal[]): Promise<void>;
  /** Gives back a hold under which no upstream call was made. */
  abstract cancel(hold: Hold): Promise<void>;
  /** Takes up to `limit` expired holds for this caller alone; one that it does not settle comes up again later. */
  abstract claimExpired(limit: number): Promise<ExpiredHold[]>;
  /** Where the given windows of a tenant stand. */
  abstract readWindows(tenantId: string, windows: readonly ScopeWindow[]): Promise<WindowState[]>;
  /** Repairs the windows of tenants with running calls from the ledger; answers the money that was off, in nano-USD. */
  abstract reconcile(): Promise<number>;
  /** Whether the store answers. */
  abstract ping(): Promise<void>;
  /** Starts upkeep in the background. */
  abstract start(): Promise<void>;
  /** Stops upkeep and closes connections. */
  abstract stop(): Promise<void>;
}
