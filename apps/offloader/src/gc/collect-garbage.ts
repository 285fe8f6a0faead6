import type { ArchiveStore, GarbageIndex } from '@tollgate/stores';

const AT_ONCE = 100;
/** Readers that looked up a place just before still find the object. */
const GRACE_SECONDS = 3600;
/** Much longer than a lease: whoever announced the pack has lost it. */
const ABANDONED_SECONDS = 3 * 3600;

/** What collecting garbage needs. */
export interface GarbageOptions {
  readonly index: GarbageIndex;
  readonly archive: Pick<ArchiveStore, 'delete'>;
  readonly graceSeconds?: number;
  readonly abandonedSeconds?: number;
}

/**
 * Deletes objects that no entry points to: packs whose checkpoints all went elsewhere, and uploads that nobody
 * finished. Objects that the index does not know are left alone: after a restore of an older database they may be the
 * only copy (`reindex` takes them in).
 */
export async function collectGarbage(
  { index, archive, graceSeconds = GRACE_SECONDS, abandonedSeconds = ABANDONED_SECONDS }: GarbageOptions,
  signal?: AbortSignal,
): Promise<{ marked: number; deleted: number }> {
  const marked = await index.mark(graceSeconds, abandonedSeconds);
  let deleted = 0;
  for (;;) {
    const garbage = signal?.aborted ? [] : await index.list(AT_ONCE);
    for (const { key } of garbage) await archive.delete(key);
    await index.forget(garbage.map(({ packId }) => packId));
    deleted += garbage.length;
    if (garbage.length < AT_ONCE) return { marked, deleted };
  }
}
