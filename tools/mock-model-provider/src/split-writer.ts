import type { ServerResponse } from 'node:http';

import type { PacedFrame } from './paced-frame.js';
import { pause, writeThrough } from './response-wait.js';
import type { StreamFrame } from './wire-renderer.js';

/** An event and the place in the byte stream where it is complete. */
interface PlacedFrame {
  readonly frame: StreamFrame;
  readonly endByte: number;
}

/**
 * Writes events in pieces of `splitBytes`, each flushed before the next, so that events straddle reads.
 * An event counts as written with the piece that holds its last byte. Gives false when the client hung up.
 */
export async function writeSplit(
  response: ServerResponse,
  frames: readonly PacedFrame[],
  splitBytes: number,
  onWritten: (frame: StreamFrame) => void,
): Promise<boolean> {
  let rest = Buffer.alloc(0);
  let placed: readonly PlacedFrame[] = [];
  let queuedBytes = 0;
  let writtenBytes = 0;
  const writePiece = (piece: Buffer): Promise<boolean> => {
    const flushed = writeThrough(response, piece);
    writtenBytes += piece.length;
    for (const { frame, endByte } of placed) if (endByte <= writtenBytes) onWritten(frame);
    placed = placed.filter(({ endByte }) => endByte > writtenBytes);
    return flushed;
  };
  for (const { frame, delayMs } of frames) {
    if (delayMs > 0 && !(await pause(response, delayMs))) return false;
    const bytes = Buffer.from(frame.text);
    queuedBytes += bytes.length;
    rest = Buffer.concat([rest, bytes]);
    placed = [...placed, { frame, endByte: queuedBytes }];
    while (rest.length >= splitBytes) {
      const piece = rest.subarray(0, splitBytes);
      rest = rest.subarray(splitBytes);
      if (response.destroyed || !(await writePiece(piece))) return false;
    }
  }
  if (response.destroyed) return false;
  // Not awaited: the caller ends the stream in the turn of its last byte.
  if (rest.length > 0) void writePiece(rest);
  return true;
}
