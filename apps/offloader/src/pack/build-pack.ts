import {
  MAX_PACK_BYTES,
  PackWriter,
  gunzipWhole,
  type Claim,
  type LiveDocument,
  type Pack,
  type PackIndex,
  type PackedDocument,
} from '@tollgate/stores';

/** What stands before a document in its line, at most: a run id of 200 characters, and the rest of the head. */
const MAX_HEAD_BYTES = 512;

/** A pack, what it was made of, and what could not be packed. */
export interface BuiltPack {
  /** Undefined when nothing could be packed. */
  readonly pack: Pack | undefined;
  /** What is in it, as the database had it. */
  readonly packed: readonly PackedDocument[];
  /** Claims whose stored document cannot be read: a defect that a person has to look at. */
  readonly unreadable: readonly Claim[];
}

/** Splits claims into those of the next pack, which is never empty, and those that would not fit into it. */
export function chooseClaims(claims: readonly Claim[]): { chosen: Claim[]; surplus: Claim[] } {
  let bytes = 0;
  const end = claims.findIndex(
    ({ documentBytes }, index) => (bytes += documentBytes + MAX_HEAD_BYTES) > MAX_PACK_BYTES && index > 0,
  );
  return end === -1
    ? { chosen: [...claims], surplus: [] }
    : { chosen: claims.slice(0, end), surplus: claims.slice(end) };
}

/** Reads the documents of claims in batches and packs them; the first that does not fit ends the pack. */
export async function buildPack(
  packs: PackIndex,
  tenantId: string,
  claims: readonly Claim[],
  batchSize: number,
): Promise<BuiltPack> {
  const writer = new PackWriter(tenantId);
  const packed: PackedDocument[] = [];
  const unreadable: Claim[] = [];
  for (let from = 0; from < claims.length; from += batchSize) {
    const batch = claims.slice(from, from + batchSize);
    const byRun = new Map(batch.map((claim) => [claim.runId, claim]));
    const live = await packs.readDocuments(tenantId, batch);
    const documents = unzipDocuments(live);
    for (const [index, { head, storedSha256 }] of live.entries()) {
      const claim = byRun.get(head.runId);
      if (!claim) continue;
      const added = tryAdd(writer, head, documents[index]);
      if (added === 'full') return { pack: writer.finish(), packed, unreadable };
      if (added === 'unreadable') unreadable.push(claim);
      else packed.push({ claim, storedSha256 });
    }
  }
  return { pack: packed.length > 0 ? writer.finish() : undefined, packed, unreadable };
}

// One stream for all, which costs a third of one for each; only when it breaks are they looked at one by one.
function unzipDocuments(live: readonly LiveDocument[]): readonly (Buffer | undefined)[] {
  const sizeBytes = live.reduce((sum, { head }) => sum + head.documentBytes, 0);
  const all = unzip(Buffer.concat(live.map(({ documentGzip }) => documentGzip)), sizeBytes);
  if (all?.length !== sizeBytes)
    return live.map(({ head, documentGzip }) => unzip(documentGzip, head.documentBytes));
  let end = 0;
  return live.map(({ head }) => all.subarray(end, (end += head.documentBytes)));
}

function unzip(bytes: Buffer, sizeBytes: number): Buffer | undefined {
  try {
    return gunzipWhole(bytes, sizeBytes);
  } catch {
    return undefined; // the caller counts it as unreadable
  }
}

// The writer proves the document by its hash, so that one cut at the wrong place is unreadable too.
function tryAdd(
  writer: PackWriter,
  head: LiveDocument['head'],
  document: Buffer | undefined,
): 'added' | 'full' | 'unreadable' {
  if (!document) return 'unreadable';
  try {
    return writer.tryAdd(head, document) ? 'added' : 'full';
  } catch {
    return 'unreadable';
  }
}
