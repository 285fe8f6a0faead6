import { hash } from 'node:crypto';
import { formatEndedLine } from './line.js';
import {
  formatManifest,
  PACK_FORMAT,
  type PackEntryHead,
  type PackManifest,
  type PackMember,
} from './manifest.js';
import { formatMember, MAX_LINE_BYTES, zipEndedLine } from './member.js';
import { PackError } from './pack-error.js';

/** The most checkpoints in one pack. */
export const MAX_PACK_MEMBERS = 1000;
/** The most bytes of lines, before gzip, in one pack; a longer line has a pack of its own. */
export const MAX_PACK_BYTES = 8 * 1024 * 1024;

/** A table of contents, and the line that it was written as. */
export interface WrittenManifest {
  readonly manifest: PackManifest;
  readonly line: Buffer;
}

/** A pack that is ready to be put into the archive. */
export interface Pack {
  readonly body: Buffer;
  /** Of the whole body. */
  readonly sha256: Buffer;
  readonly members: readonly PackMember[];
  readonly contents: WrittenManifest;
  /** Of the archive's object. */
  readonly metadata: Readonly<Record<'sha256' | 'bytes' | 'members' | 'format', string>>;
}

/** Builds one pack of one tenant's checkpoints, in the order in which they are added. */
export class PackWriter {
  readonly #parts: Buffer[] = [];
  readonly #members: PackMember[] = [];
  readonly #entries: PackEntryHead[] = [];
  #offset = 0;
  #lineBytes = 0;

  constructor(private readonly tenantId: string) {}

  /** Nothing more fits, whatever its size. */
  get isFull(): boolean {
    return this.#members.length >= MAX_PACK_MEMBERS || this.#lineBytes >= MAX_PACK_BYTES;
  }

  /**
   * Adds a checkpoint, unless it does not fit: then finish this pack and add it to the next one. The first always fits.
   * @throws PackError `checksum` when the document is not the one that was hashed, `format` when it is not one JSON
   * object on one line, or too large for any pack
   */
  tryAdd(entry: PackEntryHead, document: Buffer): boolean {
    if (this.#members.length >= MAX_PACK_MEMBERS) return false;
    const endedLine = formatEndedLine(entry, document);
    const line = endedLine.subarray(0, -1);
    if (this.#members.length > 0 && this.#lineBytes + line.length > MAX_PACK_BYTES) return false;
    if (line.length > MAX_LINE_BYTES) throw new PackError('format', 'The document is too large for a pack.');
    if (!hash('sha256', document, 'buffer').equals(entry.contentHash))
      throw new PackError('checksum', 'The document is not the one that was stored.');
    const member = zipEndedLine(endedLine);
    this.#members.push({
      runId: entry.runId,
      version: entry.version,
      offset: this.#offset,
      length: member.length,
      sha256: hash('sha256', line, 'buffer'),
    });
    this.#entries.push(entry);
    this.#parts.push(member);
    this.#offset += member.length;
    this.#lineBytes += line.length;
    return true;
  }

  /** The pack, closed by its manifest. At least one checkpoint must have been added. */
  finish(): Pack {
    const manifest = { tenantId: this.tenantId, members: this.#members, entries: this.#entries };
    const line = Buffer.from(formatManifest(manifest));
    const body = Buffer.concat([...this.#parts, formatMember(line)]);
    const sha256 = hash('sha256', body, 'buffer');
    const metadata = {
      sha256: sha256.toString('hex'),
      bytes: String(body.length),
      members: String(this.#members.length),
      format: String(PACK_FORMAT),
    };
    return { body, sha256, members: this.#members, contents: { manifest, line }, metadata };
  }
}
