import { TransientMap } from '@tollgate/domain';
import {
  FINAL_ATTEMPT,
  type BudgetStore,
  type Hold,
  type ScopeTotal,
  type Settlement,
  type UsageEvent,
} from '@tollgate/stores';
import type { BudgetAlerts } from './budget-alerts.js';

const RETRY_MS = 500;

/** What the settle step works with. */
export interface SettleStepOptions {
  readonly budgets: BudgetStore;
  readonly alerts: BudgetAlerts;
  readonly onError: (error: unknown) => void;
}

/**
 * Ends the holds of calls whose events are durable. A store that is down is tried again until it takes them: the
 * holds stand meanwhile, so nothing can be spent twice.
 */
export class SettleStep {
  readonly #holds = new TransientMap<string, Hold>();
  #settlements: Settlement[] = [];
  #totals = new Map<string, ScopeTotal>();
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: SettleStepOptions) {}

  /** Remembers a hold until its event comes. */
  expect(hold: Hold): void {
    this.#holds.set(hold.requestId, hold);
  }

  /** Money held for calls that are not settled yet, in nano-USD. */
  get heldNanoUsd(): number {
    let sum = 0;
    for (const hold of this.#holds.values()) sum += hold.amountNanoUsd;
    return sum;
  }

  /** Takes events that have become durable, with the totals over them. */
  settle(events: readonly UsageEvent[], totals: readonly ScopeTotal[]): void {
    for (const { requestId, attempt, inputTokens, outputTokens } of events) {
      if (attempt !== FINAL_ATTEMPT) continue; // The hold stands for the tries that follow.
      const hold = this.#holds.get(requestId);
      if (hold)
        this.#settlements.push({
          requestId,
          tenantId: hold.tenantId,
          scopes: hold.scopes,
          tokens: inputTokens + outputTokens,
        });
    }
    for (const total of totals) {
      const name = `${total.tenantId} ${total.scope} ${total.window}`;
      if ((this.#totals.get(name)?.version ?? -1) < total.version) this.#totals.set(name, total);
    }
    this.#run();
  }

  /** Resolves when everything taken so far is settled, or has failed once. */
  async flush(): Promise<void> {
    this.#run();
    await this.#running;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #run(): void {
    if (this.#running || this.#settlements.length === 0) return;
    clearTimeout(this.#timer);
    this.#running = this.#settleBatch().finally(() => (this.#running = undefined));
  }

  async #settleBatch(): Promise<void> {
    while (this.#settlements.length > 0) {
      const [settlements, totals] = [this.#settlements, this.#totals];
      this.#settlements = [];
      this.#totals = new Map();
      try {
        await this.options.budgets.settle(settlements, [...totals.values()]);
      } catch (error) {
        this.#settlements.unshift(...settlements);
        for (const [name, total] of totals)
          if ((this.#totals.get(name)?.version ?? -1) < total.version) this.#totals.set(name, total);
        this.options.onError(error);
        this.#timer = setTimeout(() => this.#run(), RETRY_MS);
        return;
      }
      this.#finish(settlements, totals);
    }
  }

  #finish(settlements: readonly Settlement[], totals: ReadonlyMap<string, ScopeTotal>): void {
    for (const { requestId, tenantId, scopes } of settlements) {
      this.#holds.delete(requestId);
      for (const scope of scopes)
        this.options.alerts.check(scope, totals.get(`${tenantId} ${scope.scope} ${scope.window}`));
    }
  }
}
