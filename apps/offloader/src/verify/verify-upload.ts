import {
  ArchiveStoreError,
  verifyPack,
  type ArchiveStore,
  type Claim,
  type NewPack,
  type PackedDocument,
  type PackIndex,
} from '@tollgate/stores';

/**
 * Reads a pack back on a fresh request and proves it: its length and hash, each member's, and that each is what the
 * database holds now. Answers the claims that are proved; a run that changed meanwhile is not among them.
 * @throws PackError, ArchiveStoreError: then nothing is proved
 */
export async function verifyUpload(
  archive: ArchiveStore,
  packs: PackIndex,
  { key, tenantId, pack }: NewPack,
  packed: readonly PackedDocument[],
): Promise<Claim[]> {
  const body = await archive.get(key);
  const { sha256, contents } = pack;
  const members = verifyPack(body, { sha256, sizeBytes: pack.body.length, tenantId, contents });
  if (members.length !== packed.length)
    throw new ArchiveStoreError('corrupt', 'The archive gave back another number of members.');
  // The same stored bytes unpack to the same document, whose line has just been proved.
  const held = await packs.findHeld(tenantId, packed);
  return packed.map(({ claim }) => claim).filter(({ runId }) => held.has(runId));
}
