import { gunzipSync } from 'node:zlib';
import {
  MAX_PACK_BYTES,
  PackWriter,
  type Claim,
  type LiveDocument,
  type Pack,
  type PackIndex,
} from '@tollgate/stores';

/** A pack, what it was made of, and what could not be packed. */
export interface BuiltPack {
  /** Undefined when nothing could be packed. */
  readonly pack: Pack | undefined;
  /** What is in it, as the database had it. */
  readonly sources: readonly PackSource[];
  /** Claims whose stored document cannot be read: a defect that a person has to look at. */
  readonly unreadable: readonly Claim[];
}

/** One member's claim and the document that was packed. */
export interface PackSource {
  readonly claim: Claim;
  readonly documentGzip: Buffer;
}

/** Splits claims into those of the next pack, which is never empty, and those that would not fit into it. */
export function chooseClaims(claims: readonly Claim[]): { chosen: Claim[]; surplus: Claim[] } {
  let bytes = 0;
  const end = claims.findIndex(
    ({ documentBytes }, index) => (bytes += documentBytes) > MAX_PACK_BYTES && index > 0,
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
  const sources: PackSource[] = [];
  const unreadable: Claim[] = [];
  for (let from = 0; from < claims.length; from += batchSize) {
    const batch = claims.slice(from, from + batchSize);
    const byRun = new Map(batch.map((claim) => [claim.runId, claim]));
    for (const { head, documentGzip } of await packs.readDocuments(tenantId, batch)) {
      const claim = byRun.get(head.runId);
      if (!claim) continue;
      const added = tryAdd(writer, { head, documentGzip });
      if (added === 'full') return { pack: writer.finish(), sources, unreadable };
      if (added === 'unreadable') unreadable.push(claim);
      else sources.push({ claim, documentGzip });
    }
  }
  return { pack: sources.length > 0 ? writer.finish() : undefined, sources, unreadable };
}

function tryAdd(writer: PackWriter, { head, documentGzip }: LiveDocument): 'added' | 'full' | 'unreadable' {
  try {
    const document = gunzipSync(documentGzip, { maxOutputLength: Math.max(1, head.documentBytes) });
    return writer.tryAdd(head, document) ? 'added' : 'full';
  } catch {
    // Gzip's or the writer's complaint: the row stays, and is counted as failed.
    return 'unreadable';
  }
}
