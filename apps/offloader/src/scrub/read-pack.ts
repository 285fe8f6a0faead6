import {
  ArchiveStoreError,
  PackError,
  verifyPack,
  type ArchiveStore,
  type IndexedPack,
  type VerifiedMember,
} from '@tollgate/stores';

/** Why a pack cannot be trusted. */
export interface Damage {
  readonly kind: 'loss' | 'corruption';
  /** A word for it, never content. */
  readonly detail: string;
}

/** A pack's proved members, or what is wrong with it. */
export type PackReading =
  | { readonly members: readonly VerifiedMember[]; readonly damage?: undefined }
  | { readonly members?: undefined; readonly damage: Damage };

/**
 * Reads a whole pack and proves it. What looks damaged is read once more: a bit may flip on the way, too.
 * @throws ArchiveStoreError when the archive is away
 */
export async function readPack(archive: ArchiveStore, pack: IndexedPack): Promise<PackReading> {
  const first = await readOnce(archive, pack);
  return first.damage ? readOnce(archive, pack) : first;
}

async function readOnce(archive: ArchiveStore, pack: IndexedPack): Promise<PackReading> {
  try {
    return { members: verifyPack(await archive.get(pack.key), pack) };
  } catch (error) {
    if (error instanceof PackError) return { damage: { kind: 'corruption', detail: `pack ${error.reason}` } };
    if (error instanceof ArchiveStoreError && error.reason === 'missing')
      return { damage: { kind: 'loss', detail: 'the object is gone' } };
    if (error instanceof ArchiveStoreError && error.reason === 'corrupt')
      return { damage: { kind: 'corruption', detail: 'the archive gave other bytes than it must have' } };
    throw error;
  }
}
