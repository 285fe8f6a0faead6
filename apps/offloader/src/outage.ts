import { ArchiveStoreError, PackError } from '@tollgate/stores';

const OUTAGES = new Set(['denied', 'unavailable', 'full']);

/** Whether the archive as a whole does not work for us: no run is to blame, and none is counted as failed. */
export function isOutage(error: unknown): error is ArchiveStoreError {
  return error instanceof ArchiveStoreError && OUTAGES.has(error.reason);
}

/**
 * Whether what was archived is to blame: it did not come back as it was written, or the archive does not take it. A
 * database that is away, or a defect of ours, is no run's fault, and quarantines none.
 */
export function isRunsFault(error: unknown): boolean {
  return error instanceof PackError || (error instanceof ArchiveStoreError && !isOutage(error));
}
