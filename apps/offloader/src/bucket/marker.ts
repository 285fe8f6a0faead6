import { ArchiveStoreError, OWN_PREFIX, type ArchiveStore } from '@tollgate/stores';

/** The object that says whose the bucket is. */
export const MARKER_KEY = `${OWN_PREFIX}owner.json`;

/** The bucket, or the folder, is another Tollgate's: nothing may be written to it, nor read. */
export class ForeignBucketError extends Error {
  override readonly name = 'ForeignBucketError';

  constructor() {
    super(
      `The archive belongs to another database: its ${MARKER_KEY} names another archive. ` +
        'Give this database a bucket (or folder) of its own, or connect to the database that the archive belongs to.',
    );
  }
}

const markerOf = (archiveId: string): Buffer => Buffer.from(`${JSON.stringify({ archive_id: archiveId })}\n`);

/**
 * Makes the archive this database's, once: of two databases that try at the same time, one gets it.
 * @throws ForeignBucketError when it is another's; ArchiveStoreError when the archive is away
 */
export async function claimBucket(archive: ArchiveStore, archiveId: string): Promise<void> {
  try {
    await archive.put(MARKER_KEY, markerOf(archiveId), {});
  } catch (error) {
    throw error instanceof ArchiveStoreError && error.reason === 'exists' ? new ForeignBucketError() : error;
  }
}

/**
 * Makes sure that the archive is not another's, and writes nothing. One without a marker is nobody's yet.
 * @throws ForeignBucketError when it is another's; ArchiveStoreError when the archive is away
 */
export async function checkBucket(archive: ArchiveStore, archiveId: string): Promise<void> {
  if (!(await archive.head(MARKER_KEY))) return;
  if (!(await archive.get(MARKER_KEY)).equals(markerOf(archiveId))) throw new ForeignBucketError();
}
