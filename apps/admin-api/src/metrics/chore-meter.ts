import type { ServiceMetrics } from '@tollgate/metrics';
import type { Counter } from 'prom-client';

/** Counts what is done beside answering operators. */
export class ChoreMeter {
  readonly #runs: Counter;
  readonly #items: Counter;

  constructor(metrics: ServiceMetrics) {
    this.#runs = metrics.counter('tollgate_admin_chores_total');
    this.#items = metrics.counter('tollgate_admin_chore_items_total');
  }

  done(chore: string, items: number): void {
    this.#runs.inc({ chore, outcome: 'ok' });
    this.#items.inc({ chore }, items);
  }

  failed(chore: string): void {
    this.#runs.inc({ chore, outcome: 'error' });
  }
}
