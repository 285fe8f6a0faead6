import { NO_LIMITS } from '@tollgate/domain';
import { FINAL_ATTEMPT, type BudgetStore, type ExpiredHold, type Ledger } from '@tollgate/stores';
import { presumedEvent } from './presumed-event.js';

const PERIOD_MS = 2000;
const BATCH_SIZE = 100;

/** What the sweeper works with. */
export interface SweeperOptions {
  readonly budgets: BudgetStore;
  readonly ledger: Ledger;
  readonly onPresumed: (hold: ExpiredHold) => void;
  /** Money that a reconciliation found to be off. */
  readonly onDrift: (driftNanoUsd: number) => void;
  readonly onError: (error: unknown) => void;
}

/** Cleans up behind gateways that died: every hold that nobody ended becomes exactly one event. Runs in every replica. */
export class Sweeper {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(private readonly options: SweeperOptions) {}

  start(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#round().finally(() => this.start());
    }, PERIOD_MS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Takes expired holds, if there are any, and settles them from the ledger. */
  async sweep(): Promise<void> {
    for (const hold of await this.options.budgets.claimExpired(BATCH_SIZE)) {
      const events = await this.options.ledger.listEvents(hold.requestId);
      const known = events.find(({ attempt }) => attempt === FINAL_ATTEMPT); // Tries alone are no end.
      const event = known ?? presumedEvent(hold);
      if (!known) this.options.onPresumed(hold);
      const totals = await this.options.ledger.append([event]);
      const scopes = hold.windows.map((window) => ({ ...window, limits: NO_LIMITS }));
      await this.options.budgets.settle(
        [{ ...hold, scopes, tokens: event.inputTokens + event.outputTokens }],
        totals,
      );
    }
  }

  async #round(): Promise<void> {
    try {
      await this.sweep();
      this.options.onDrift(await this.options.budgets.reconcile());
    } catch (error) {
      this.options.onError(error);
    }
  }
}
