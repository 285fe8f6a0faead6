import { gunzipSync, gzipSync, type ZlibOptions } from 'node:zlib';

/** Room for the header, the trailer and what cannot be packed: nearly everything then fits into one buffer. */
const GZIP_OVERHEAD_BYTES = 64;
/** The smallest buffer that zlib takes. */
const MIN_CHUNK_BYTES = 64;

/**
 * Packs bytes into one buffer that they fill. By default zlib takes buffers of 16 KiB, and a small result keeps all of
 * one alive.
 */
export function gzipWhole(bytes: Buffer, options: ZlibOptions): Buffer {
  return gzipSync(bytes, { ...options, chunkSize: bytes.length + GZIP_OVERHEAD_BYTES });
}

/** Unpacks into one buffer. @throws when that would become longer than `sizeBytes`, and for anything that is no gzip */
export function gunzipWhole(bytes: Buffer, sizeBytes: number): Buffer {
  return gunzipSync(bytes, {
    maxOutputLength: Math.max(1, sizeBytes),
    chunkSize: Math.max(MIN_CHUNK_BYTES, sizeBytes + 1),
  });
}
