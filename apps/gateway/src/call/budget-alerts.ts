import type { BudgetScope, Ledger, ScopeTotal } from '@tollgate/stores';

const THRESHOLDS = [50, 80, 100];
const MAX_REMEMBERED = 50_000;

/** A budget that has reached a threshold. */
export interface BudgetAlert {
  readonly tenantId: string;
  readonly scope: string;
  readonly window: string;
  readonly thresholdPercent: number;
  readonly limitNanoUsd: number;
  readonly spentNanoUsd: number;
}

/** What alerts need. */
export interface BudgetAlertsOptions {
  readonly ledger: Ledger;
  readonly onAlert: (alert: BudgetAlert) => void;
  readonly onError: (error: unknown) => void;
}

/** Raises an alert when a budget reaches 50, 80 and 100 %, once for each window over all replicas. */
export class BudgetAlerts {
  /** The highest threshold that this process has seen to, by window. */
  readonly #seen = new Map<string, number>();

  constructor(private readonly options: BudgetAlertsOptions) {}

  check({ limits }: BudgetScope, total: ScopeTotal | undefined): void {
    const limitNanoUsd = limits.budgetNanoUsd;
    if (!total || !limitNanoUsd) return;
    const reached = THRESHOLDS.filter((percent) => total.totalNanoUsd >= (limitNanoUsd / 100) * percent);
    const key = `${total.tenantId} ${total.scope} ${total.window} ${limitNanoUsd}`;
    const highest = reached.at(-1) ?? 0;
    const seen = this.#seen.get(key) ?? 0;
    if (highest <= seen) return;
    if (this.#seen.size >= MAX_REMEMBERED) this.#seen.clear();
    this.#seen.set(key, highest);
    for (const thresholdPercent of reached.filter((percent) => percent > seen)) {
      const { tenantId, scope, window, totalNanoUsd } = total;
      this.#raise(
        { tenantId, scope, window, thresholdPercent, limitNanoUsd, spentNanoUsd: totalNanoUsd },
        () => this.#seen.set(key, seen),
      );
    }
  }

  #raise(alert: BudgetAlert, forget: () => void): void {
    this.options.ledger.markAlert(alert).then(
      (first) => {
        if (first) this.options.onAlert(alert);
      },
      (error: unknown) => {
        forget(); // The next call tries again.
        this.options.onError(error);
      },
    );
  }
}
