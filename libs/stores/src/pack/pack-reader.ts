import { hash } from 'node:crypto';
import { formatLineHead } from './line.js';
import { parseManifest, type PackEntryHead, type PackManifest, type PackMember } from './manifest.js';
import { findLastMember, unzipLine } from './member.js';
import { PackError } from './pack-error.js';

/** A member whose line has been proved. */
export interface VerifiedMember extends PackMember {
  readonly entry: PackEntryHead;
  /** Without its line break. */
  readonly line: Buffer;
}

/** What a pack must be. */
export interface ExpectedPack {
  readonly sha256: Buffer;
  readonly sizeBytes: number;
  readonly tenantId: string;
}

/**
 * The line in one member's bytes, proved by its hash.
 * @throws PackError
 */
export function readMember(bytes: Buffer, expected: { readonly sha256: Buffer }): Buffer {
  const line = unzipLine(bytes);
  if (!hash('sha256', line, 'buffer').equals(expected.sha256))
    throw new PackError('checksum', 'The line is not the one that was archived.');
  return line;
}

/**
 * The table of contents of a whole pack; nothing but the form of it is proved.
 * @throws PackError
 */
export function readManifest(body: Buffer): PackManifest {
  const start = findLastMember(body);
  if (start === -1) throw new PackError('truncated', 'The pack has no member.');
  return parseManifest(unzipLine(body.subarray(start)).toString());
}

/**
 * Proves a whole pack: its length and hash, its tenant, that members follow each other from the first byte to the
 * manifest, and that each holds the line that the manifest says, down to every field.
 * @throws PackError
 */
export function verifyPack(body: Buffer, expected: ExpectedPack): VerifiedMember[] {
  if (body.length < expected.sizeBytes) throw new PackError('truncated', 'The pack is shorter than it was.');
  if (body.length > expected.sizeBytes) throw new PackError('checksum', 'The pack is longer than it was.');
  if (!hash('sha256', body, 'buffer').equals(expected.sha256))
    throw new PackError('checksum', 'The pack is not the one that was archived.');
  const { tenantId, members, entries } = readManifest(body);
  if (tenantId !== expected.tenantId) throw new PackError('foreign', "The pack is another tenant's.");
  let end = 0;
  const verified = members.map((member, index) => {
    const entry = entries[index];
    if (!entry || member.offset !== end || member.offset + member.length > body.length)
      throw new PackError('manifest', 'The manifest names places that are not those of the members.');
    end += member.length;
    const line = readMember(body.subarray(member.offset, end), member);
    const head = Buffer.from(formatLineHead(entry));
    if (!line.subarray(0, head.length).equals(head))
      throw new PackError('manifest', 'The manifest describes another line.');
    return { ...member, entry, line };
  });
  if (end !== findLastMember(body))
    throw new PackError('manifest', 'The manifest leaves out a part of the pack.');
  return verified;
}
