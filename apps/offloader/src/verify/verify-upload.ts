import {
  ArchiveStoreError,
  verifyPack,
  type ArchiveStore,
  type Claim,
  type NewPack,
  type PackIndex,
} from '@tollgate/stores';
import type { PackSource } from '../pack/build-pack.js';

/**
 * Reads a pack back on a fresh request and proves it: its length and hash, each member's, and that each is what the
 * database holds now. Answers the claims that are proved; a run that changed meanwhile is not among them.
 * @throws PackError, ArchiveStoreError: then nothing is proved
 */
export async function verifyUpload(
  archive: ArchiveStore,
  packs: PackIndex,
  { key, tenantId, pack }: NewPack,
  sources: readonly PackSource[],
  batchSize: number,
): Promise<Claim[]> {
  const body = await archive.get(key);
  const members = verifyPack(body, { sha256: pack.sha256, sizeBytes: pack.body.length, tenantId });
  if (members.length !== sources.length)
    throw new ArchiveStoreError('corrupt', 'The archive gave back another number of members.');
  const proved: Claim[] = [];
  for (let from = 0; from < sources.length; from += batchSize) {
    const batch = sources.slice(from, from + batchSize);
    const now = new Map(
      (
        await packs.readDocuments(
          tenantId,
          batch.map(({ claim }) => claim),
        )
      ).map((document) => [document.head.runId, document]),
    );
    for (const { claim, documentGzip } of batch)
      // The same packed bytes unpack to the same document, whose line has just been proved.
      if (now.get(claim.runId)?.documentGzip.equals(documentGzip)) proved.push(claim);
  }
  return proved;
}
