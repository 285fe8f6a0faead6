import { ServiceMetrics } from '@tollgate/metrics';
import type { PackTotals, QueueState } from '@tollgate/stores';
import type { OffloadReport } from '../offload.js';
import type { WorkReport } from '../worker/work-steps.js';
import type { ArchiveOperation } from './counting-archive.js';

/** What is read of the database for a scrape. */
export interface DatabaseState {
  readonly queue: QueueState;
  readonly packs: PackTotals;
  readonly openAlarms: number;
}

/** Counts all that an offloader does. */
export class OffloadMeter {
  readonly #archived;
  readonly #failures;
  readonly #leaseLosses;
  readonly #packsWritten;
  readonly #evicted;
  readonly #scrubbed;
  readonly #damaged;
  readonly #deletedPacks;
  readonly #expired;
  readonly #errors;
  readonly #operations;
  readonly #bytes;
  readonly #queue;
  readonly #oldestSeconds;
  readonly #packs;
  readonly #packBytes;
  readonly #openAlarms;
  readonly #paused;

  constructor(metrics: ServiceMetrics) {
    this.#archived = metrics.counter('tollgate_offloader_archived_checkpoints_total');
    this.#failures = metrics.counter('tollgate_offloader_failures_total');
    this.#leaseLosses = metrics.counter('tollgate_offloader_lease_losses_total');
    this.#packsWritten = metrics.counter('tollgate_offloader_packs_total');
    this.#evicted = metrics.counter('tollgate_offloader_evicted_checkpoints_total');
    this.#scrubbed = metrics.counter('tollgate_offloader_scrubbed_packs_total');
    this.#damaged = metrics.counter('tollgate_offloader_damaged_packs_total');
    this.#deletedPacks = metrics.counter('tollgate_offloader_deleted_packs_total');
    this.#expired = metrics.counter('tollgate_offloader_expired_checkpoints_total');
    this.#errors = metrics.counter('tollgate_offloader_errors_total');
    this.#operations = metrics.counter('tollgate_offloader_archive_operations_total');
    this.#bytes = metrics.counter('tollgate_offloader_archive_bytes_total');
    this.#queue = metrics.gauge('tollgate_offloader_queue_checkpoints');
    this.#oldestSeconds = metrics.gauge('tollgate_offloader_queue_oldest_seconds');
    this.#packs = metrics.gauge('tollgate_offloader_packs');
    this.#packBytes = metrics.gauge('tollgate_offloader_pack_bytes');
    this.#openAlarms = metrics.gauge('tollgate_offloader_open_alarms');
    this.#paused = metrics.gauge('tollgate_offloader_paused');
  }

  offloaded({ archived, failed, leaseLosses, packBytes }: OffloadReport): void {
    this.#archived.inc(archived);
    this.#failures.inc(failed);
    this.#leaseLosses.inc(leaseLosses);
    if (packBytes > 0) this.#packsWritten.inc();
  }

  evicted(checkpoints: number): void {
    this.#evicted.inc(checkpoints);
  }

  scrubbed(isDamaged: boolean): void {
    this.#scrubbed.inc();
    if (isDamaged) this.#damaged.inc();
  }

  /** Counts what steps say at their end only. */
  done(step: string, report: WorkReport): void {
    if (step === 'garbage') this.#deletedPacks.inc(report['deleted'] ?? 0);
    if (step === 'expire') this.#expired.inc(report['expired'] ?? 0);
    if (step === 'evict') this.#damaged.inc(report['lost'] ?? 0);
  }

  failed(step: string): void {
    this.#errors.inc({ step });
  }

  operated({ kind, outcome, upBytes, downBytes }: ArchiveOperation): void {
    this.#operations.inc({ operation: kind, outcome });
    this.#bytes.inc({ direction: 'up' }, upBytes);
    this.#bytes.inc({ direction: 'down' }, downBytes);
  }

  setPaused(isPaused: boolean): void {
    this.#paused.set(isPaused ? 1 : 0);
  }

  setState({ queue, packs, openAlarms }: DatabaseState): void {
    for (const state of ['waiting', 'due', 'quarantined', 'overdue'] as const)
      this.#queue.set({ state }, queue[state]);
    this.#oldestSeconds.set(queue.oldestSeconds);
    for (const state of ['uploading', 'verified', 'deleting', 'lost'] as const)
      this.#packs.set({ state }, packs[state]);
    this.#packBytes.set({ kind: 'all' }, packs.bytes);
    this.#packBytes.set({ kind: 'dead' }, packs.deadBytes);
    this.#openAlarms.set(openAlarms);
  }
}
