import { crc32, gunzipSync, type ZlibOptions } from 'node:zlib';
import { gzipWhole } from './gzip-whole.js';
import { PackError } from './pack-error.js';

/** The longest line that is written or read: the largest document (16 MiB) and room for its head, or a manifest. */
export const MAX_LINE_BYTES = 17 * 1024 * 1024;

const NEWLINE = 0x0a;
/** Of the members of one pack, at most: its lines are bounded as one line is. */
const MAX_LINE_BREAKS = 1000;
const TRAILER_BYTES = 8;
const SMALL_LINE_BYTES = 4096;
/**
 * A line of a few KiB sees the whole of itself in a window of 4 KiB, so its gzip loses nothing, and a third of zlib's
 * time, which went into clearing tables of 256 KiB. For lines of 1 KB: 0.62 of the CPU of the default setting, 1.01 of
 * its size; level 1 is no faster, since tables and not the search are what is left.
 */
const SMALL: ZlibOptions = { level: 3, windowBits: 12, memLevel: 4 };
const NORMAL: ZlibOptions = { level: 3 };
/** For a whole pack unpacked: its lines in a few pieces. */
const UNZIP_CHUNK_BYTES = 1024 * 1024;
const NEWLINE_BYTES = Buffer.of(NEWLINE);
/** How each member begins: gzip with no name and no time. */
const MEMBER_START = Buffer.from('1f8b080000000000', 'hex');

/** A line as a gzip member, ended by a line break. */
export function formatMember(line: Buffer): Buffer {
  return zipEndedLine(Buffer.concat([line, NEWLINE_BYTES]));
}

/** As `formatMember`, of a line that has its line break already. */
export function zipEndedLine(line: Buffer): Buffer {
  return gzipWhole(line, line.length <= SMALL_LINE_BYTES ? SMALL : NORMAL);
}

/**
 * Where the last member begins; -1: there is none. Should these eight bytes ever come up by chance inside it, then the
 * pack does not verify when it is written, and is written anew.
 */
export function findLastMember(body: Buffer): number {
  return body.lastIndexOf(MEMBER_START);
}

/**
 * The one line of one member, without its line break.
 * @throws PackError `truncated`, `checksum`, `manifest` when there are several lines, `format` when it would become longer
 * than any line is
 */
export function unzipLine(bytes: Buffer): Buffer {
  const { buffer, engine } = gunzip(bytes, MAX_LINE_BYTES + 1);
  // Node ignores zeros behind the last member.
  if (engine.bytesWritten !== bytes.length) throw new PackError('checksum', 'Something follows the member.');
  const end = buffer.indexOf(NEWLINE);
  if (end === -1) throw new PackError('truncated', 'The line does not end.');
  if (end !== buffer.length - 1) throw new PackError('manifest', 'A member has several lines.');
  return buffer.subarray(0, end);
}

/**
 * The lines of members that follow each other, without their line breaks, unpacked in one go.
 * @throws PackError as `unzipLine`
 */
export function unzipLines(bytes: Buffer): Buffer[] {
  const { buffer, engine } = gunzip(bytes, MAX_LINE_BYTES + MAX_LINE_BREAKS, UNZIP_CHUNK_BYTES);
  if (engine.bytesWritten !== bytes.length) throw new PackError('checksum', 'Something follows the members.');
  const lines: Buffer[] = [];
  for (let at = 0; at < buffer.length;) {
    const end = buffer.indexOf(NEWLINE, at);
    if (end === -1) throw new PackError('truncated', 'The last line does not end.');
    lines.push(buffer.subarray(at, end));
    at = end + 1;
  }
  return lines;
}

/** Whether bytes begin as a member does and end with the CRC-32 and the length of this line (RFC 1952 §2.3.1). */
export function isMemberOf(bytes: Buffer, line: Buffer): boolean {
  if (bytes.length < MEMBER_START.length + TRAILER_BYTES) return false;
  const trailer = bytes.length - TRAILER_BYTES;
  return (
    bytes.subarray(0, MEMBER_START.length).equals(MEMBER_START) &&
    bytes.readUInt32LE(trailer) === crc32(NEWLINE_BYTES, crc32(line)) &&
    bytes.readUInt32LE(trailer + 4) === line.length + 1
  );
}

interface Unzipped {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function gunzip(bytes: Buffer, maxOutputLength: number, chunkSize?: number): Unzipped {
  try {
    // With `info`, Node answers both, which its types do not say.
    return gunzipSync(bytes, {
      maxOutputLength,
      info: true,
      ...(chunkSize === undefined ? {} : { chunkSize }),
    }) as unknown as Unzipped;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw new PackError('truncated', 'A member is cut short.', { cause: error });
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new PackError('format', 'A member would unpack to more than any line has.', { cause: error });
    throw new PackError('checksum', 'A member cannot be unpacked.', { cause: error });
  }
}
