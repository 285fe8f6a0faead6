import type { ServiceMetrics } from '@tollgate/metrics';
import type { Counter } from 'prom-client';

const SECOND_MS = 1000;

/** Counts what operators ask for. */
export class RequestMeter {
  readonly #requests: Counter;
  readonly #refusedLogins: Counter;
  readonly #seconds: ReturnType<ServiceMetrics['histogram']>;

  constructor(metrics: ServiceMetrics) {
    this.#requests = metrics.counter('tollgate_admin_requests_total');
    this.#refusedLogins = metrics.counter('tollgate_admin_refused_logins_total');
    this.#seconds = metrics.histogram('tollgate_admin_seconds');
  }

  /** Starts the clock of an operation; tell what it ends with. */
  begin(operation: string): (outcome: string) => void {
    const startMs = performance.now();
    return (outcome) => {
      this.#seconds.seriesOf({ operation }).observe((performance.now() - startMs) / SECOND_MS);
      this.#requests.inc({ operation, outcome });
    };
  }

  refusedLogin(): void {
    this.#refusedLogins.inc();
  }
}
