import { ArchiveStoreError } from '@tollgate/stores';

const OUTAGES = new Set(['denied', 'unavailable', 'full']);

/** Whether the archive as a whole does not work for us: no run is to blame, and none is counted as failed. */
export function isOutage(error: unknown): error is ArchiveStoreError {
  return error instanceof ArchiveStoreError && OUTAGES.has(error.reason);
}
