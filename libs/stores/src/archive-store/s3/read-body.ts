import { addAbortSignal, type Readable } from 'node:stream';
import { ArchiveStoreError } from '../archive-store-error.js';

/**
 * Reads the body of an answer, which must have exactly so many bytes.
 * @throws ArchiveStoreError `corrupt` when it has more or fewer
 */
export async function readBody(body: unknown, sizeBytes: number, signal: AbortSignal): Promise<Buffer> {
  // In Node, the SDK answers with Node's own stream.
  const stream = addAbortSignal(signal, body as Readable);
  const parts: Buffer[] = [];
  let readBytes = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    readBytes += part.length;
    if (readBytes > sizeBytes) break;
    parts.push(part);
  }
  if (readBytes !== sizeBytes)
    throw new ArchiveStoreError('corrupt', 'The archive sent an object of another length.');
  return Buffer.concat(parts, sizeBytes);
}
