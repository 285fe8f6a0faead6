import type { ExpiryIndex } from '@tollgate/stores';

/** What expiring needs. */
export interface ExpireOptions {
  readonly index: ExpiryIndex;
  readonly olderThanSeconds: number;
  /** Rows that one statement deletes. */
  readonly batchSize: number;
}

/** Deletes archived checkpoints for good that nobody has changed for so long; answers how many. */
export async function expire(
  { index, olderThanSeconds, batchSize }: ExpireOptions,
  signal?: AbortSignal,
): Promise<number> {
  let expired = 0;
  for (;;) {
    const gone = signal?.aborted ? 0 : await index.expire(olderThanSeconds, batchSize);
    expired += gone;
    if (gone < batchSize) return expired;
  }
}
