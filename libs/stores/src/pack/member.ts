import { gunzipSync, gzipSync, type ZlibOptions } from 'node:zlib';
import { PackError } from './pack-error.js';

/** The longest line that is written or read: the largest document (16 MiB) and room for its head, or a manifest. */
export const MAX_LINE_BYTES = 17 * 1024 * 1024;

const NEWLINE = 0x0a;
const SMALL_LINE_BYTES = 4096;
/**
 * A line of a few KiB sees the whole of itself in a window of 4 KiB, so its gzip loses nothing, and a third of zlib's
 * time, which went into clearing tables of 256 KiB. For lines of 1 KB: 0.62 of the CPU of the default setting, 1.01 of
 * its size; level 1 is no faster, since tables and not the search are what is left.
 */
const SMALL: ZlibOptions = { level: 3, windowBits: 12, memLevel: 4 };
const NEWLINE_BYTES = Buffer.of(NEWLINE);

/** A line as a gzip member, ended by a line break. */
export function formatMember(line: Buffer): Buffer {
  return gzipSync(Buffer.concat([line, NEWLINE_BYTES]), line.length < SMALL_LINE_BYTES ? SMALL : {});
}

/**
 * Unpacks gzip members to a bounded number of bytes, all of which must end with a line break.
 * @throws PackError `truncated`, `checksum`, or `format` when they would become too long
 */
export function unzip(bytes: Buffer, maxBytes: number): Buffer {
  const { buffer, engine } = gunzip(bytes, maxBytes);
  // Node ignores zeros behind the last member.
  if (engine.bytesWritten !== bytes.length) throw new PackError('checksum', 'Something follows the member.');
  if (buffer.at(-1) !== NEWLINE) throw new PackError('truncated', 'The last line does not end.');
  return buffer;
}

/** The one line of one member, without its line break. */
export function unzipLine(bytes: Buffer): Buffer {
  const text = unzip(bytes, MAX_LINE_BYTES + 1);
  if (text.indexOf(NEWLINE) !== text.length - 1)
    throw new PackError('manifest', 'A member has several lines.');
  return text.subarray(0, -1);
}

interface Unzipped {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function gunzip(bytes: Buffer, maxOutputLength: number): Unzipped {
  try {
    // With `info`, Node answers both, which its types do not say.
    return gunzipSync(bytes, { maxOutputLength, info: true }) as unknown as Unzipped;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw new PackError('truncated', 'A member is cut short.', { cause: error });
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new PackError('format', 'A member would unpack to more than any line has.', { cause: error });
    throw new PackError('checksum', 'A member cannot be unpacked.', { cause: error });
  }
}
