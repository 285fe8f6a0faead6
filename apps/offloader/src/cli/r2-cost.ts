import { NANO_PER_USD } from '@tollgate/domain';
import type { ArchiveOperation } from '../metrics/counting-archive.js';

/** R2's prices of November 2026: $4.50 a million for PUT and LIST, $0.36 for GET and HEAD, DELETE free. */
const OPERATION_NANO_USD: Readonly<Record<ArchiveOperation['kind'], number>> = {
  put: 4500,
  list: 4500,
  get: 360,
  range: 360,
  head: 360,
  delete: 0,
};
/** $0.015 for a GB (10^9 bytes) and month. */
const PICO_USD_PER_BYTE_MONTH = 15;
const PICO_PER_NANO = 1000;

/** What operations of a kind cost at R2, in nano-USD. */
export function operationsNanoUsd(kind: ArchiveOperation['kind'], count: number): number {
  return OPERATION_NANO_USD[kind] * count;
}

/** What it costs at R2 to keep so many bytes for a month, in nano-USD. */
export function storageNanoUsd(bytes: number): number {
  return Math.ceil((bytes * PICO_USD_PER_BYTE_MONTH) / PICO_PER_NANO);
}

/** Adds up what a command costs: its operations, and the first month of what it stored. */
export class CostMeter {
  #nanoUsd = 0;
  #upBytes = 0;
  #downBytes = 0;

  add({ kind, upBytes, downBytes }: ArchiveOperation): void {
    this.#nanoUsd += operationsNanoUsd(kind, 1);
    this.#upBytes += upBytes;
    this.#downBytes += downBytes;
  }

  get bytes(): number {
    return this.#upBytes + this.#downBytes;
  }

  get costUsd(): number {
    return toUsd(this.#nanoUsd + storageNanoUsd(this.#upBytes));
  }
}

/** For people and their spreadsheets; sums stay in nano-USD. */
export function toUsd(nanoUsd: number): number {
  return nanoUsd / NANO_PER_USD;
}
