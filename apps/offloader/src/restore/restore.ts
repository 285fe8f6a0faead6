import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { documentOfLine, readMember, type ArchiveStore, type RestoreIndex } from '@tollgate/stores';

/** What became of a restore. */
export type RestoreOutcome = 'restored' | 'live' | 'missing' | 'changed';

/**
 * Brings one evicted checkpoint back into the database, at the same version; the archive keeps its copy, and the
 * retention counts anew.
 * @throws PackError when the archived copy is not what was archived; ArchiveStoreError
 */
export async function restoreRun(
  index: RestoreIndex,
  archive: ArchiveStore,
  tenantId: string,
  runId: string,
): Promise<RestoreOutcome> {
  const place = await index.find(tenantId, runId);
  if (!place) return 'missing';
  if (!place.isEvicted) return 'live';
  const bytes = await archive.getRange(place.key, place.offset, place.length);
  const { document, contentHash } = documentOfLine(readMember(bytes, place));
  if (!createHash('sha256').update(document).digest().equals(contentHash))
    throw new Error('the archived document is not the one that was hashed');
  return (await index.restore(place, gzipSync(document))) ? 'restored' : 'changed';
}
