import {
  findPackKey,
  OWN_PREFIX,
  PackError,
  packPrefix,
  verifyPack,
  type ArchiveStore,
  type Reindex,
} from '@tollgate/stores';
import { createHash } from 'node:crypto';

/** What was found in the bucket. */
export interface ReindexReport {
  /** Packs that the index did not know, and knows now. */
  readonly packs: number;
  readonly entries: number;
  /** Members that a later version or a deletion has overtaken. */
  readonly dead: number;
  /** Objects that are no packs, or damaged ones: left alone. */
  readonly refused: readonly { readonly key: string; readonly reason: string }[];
}

/**
 * Rebuilds the index from the bucket alone: reads every pack that the index does not know, proves it, and takes it in.
 * @throws ArchiveStoreError when the archive is away
 */
export async function reindexBucket(
  index: Reindex,
  archive: ArchiveStore,
  onProgress?: (report: ReindexReport) => void,
  signal?: AbortSignal,
): Promise<ReindexReport> {
  const refused: { key: string; reason: string }[] = [];
  let [packs, entries, dead] = [0, 0, 0];
  let after: string | undefined;
  do {
    const page = await archive.list(packPrefix(), after);
    for (const key of await index.listUnknown(page.keys.filter((key) => !key.startsWith(OWN_PREFIX)))) {
      if (signal?.aborted) break;
      const adopted = await adopt(index, archive, key);
      if (typeof adopted === 'string') refused.push({ key, reason: adopted });
      else [packs, entries, dead] = [packs + 1, entries + adopted.entries, dead + adopted.dead];
      onProgress?.({ packs, entries, dead, refused });
    }
    after = signal?.aborted ? undefined : page.next;
  } while (after !== undefined);
  return { packs, entries, dead, refused };
}

async function adopt(
  index: Reindex,
  archive: ArchiveStore,
  key: string,
): Promise<{ entries: number; dead: number } | string> {
  const name = findPackKey(key);
  if (!name) return 'not a pack';
  const body = await archive.get(key);
  const sha256 = createHash('sha256').update(body).digest();
  if (!sha256.toString('hex').startsWith(name.sha256Start)) return 'checksum';
  try {
    const members = verifyPack(body, { sha256, sizeBytes: body.length, tenantId: name.tenantId });
    const pack = {
      id: name.packId,
      tenantId: name.tenantId,
      key,
      sha256,
      sizeBytes: body.length,
      members: members.length,
    };
    return await index.adopt(pack, members);
  } catch (error) {
    if (error instanceof PackError) return error.reason;
    throw error;
  }
}
