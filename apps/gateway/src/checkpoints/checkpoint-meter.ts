import { TollgateError } from '@tollgate/domain';
import type { GatewayMetrics } from '@tollgate/metrics';

/** What can be done with checkpoints. */
export type CheckpointOperation = 'put' | 'get' | 'delete' | 'list';

const SECOND_MS = 1000;

/** Counts and times what is done with checkpoints. */
export class CheckpointMeter {
  readonly #operations;
  readonly #seconds;
  readonly #bytes;
  readonly #reads;

  constructor(metrics: GatewayMetrics) {
    this.#operations = metrics.counter('tollgate_checkpoint_operations_total');
    this.#seconds = metrics.histogram('tollgate_checkpoint_seconds');
    this.#bytes = metrics.counter('tollgate_checkpoint_bytes_total');
    this.#reads = metrics.counter('tollgate_checkpoint_reads_total');
  }

  /** Does the work and counts how it ended. */
  async measure<T>(operation: CheckpointOperation, work: () => Promise<T>): Promise<T> {
    const startMs = performance.now();
    let outcome = 'ok';
    try {
      return await work();
    } catch (error) {
      outcome = error instanceof TollgateError ? error.code : 'internal_error';
      throw error;
    } finally {
      this.#operations.inc({ operation, outcome });
      this.#seconds.seriesOf({ operation }).observe((performance.now() - startMs) / SECOND_MS);
    }
  }

  wrote(documentBytes: number): void {
    this.#bytes.inc({ direction: 'written' }, documentBytes);
  }

  read(documentBytes: number, from: 'live' | 'cache' | 'archive'): void {
    this.#bytes.inc({ direction: 'read' }, documentBytes);
    this.#reads.inc({ from });
  }
}
