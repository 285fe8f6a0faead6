import { randomBytes } from 'node:crypto';
import { timeOfUuidV7, uuidV7, type Clock } from '@tollgate/domain';
import { ArchiveStoreError, OWN_PREFIX, type ArchiveStore } from '@tollgate/stores';

const CANARY_PREFIX = `${OWN_PREFIX}canary-`;
const CANARY_BYTES = 1024;
/** Whoever sent it is not coming back for it. */
const ABANDONED_MS = 3_600_000;

/**
 * Does all that offloading needs, with an object that nobody misses: PUT, GET, compare, DELETE.
 * @throws ArchiveStoreError for whatever does not work
 */
export async function sendCanary(archive: ArchiveStore, clock: Clock): Promise<void> {
  const key = `${CANARY_PREFIX}${uuidV7(clock.now())}`;
  const body = randomBytes(CANARY_BYTES);
  await archive.put(key, body, {});
  if (!(await archive.get(key)).equals(body))
    throw new ArchiveStoreError('corrupt', 'The archive gave back other bytes than were put.');
  await archive.delete(key);
}

/** Deletes what crashes left behind; at most a thousand at a time. */
export async function sweepCanaries(archive: ArchiveStore, clock: Clock): Promise<void> {
  const { keys } = await archive.list(CANARY_PREFIX);
  for (const key of keys) {
    const sentMs = timeOfUuidV7(key.slice(CANARY_PREFIX.length));
    if (sentMs < clock.now() - ABANDONED_MS) await archive.delete(key);
  }
}
