import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './answer.js';
import type { Fault } from './fault.js';
import { withFlippedBit } from './object-shelf.js';

/** Writes an answer, wrong on its way if it must be. */
export async function send(
  response: ServerResponse,
  { status, headers, body }: Answer,
  isHead: boolean,
  fault?: Fault,
): Promise<void> {
  const sent = damage(body, fault);
  response.writeHead(status, { ...headers, 'content-length': sent.length });
  if (isHead || fault === undefined) {
    response.end(isHead ? undefined : sent);
  } else if (fault.kind === 'cut') {
    response.write(sent.subarray(0, fault.keptBytes), () => response.destroy());
  } else if (fault.kind === 'slow') {
    const pieceBytes = Math.max(Math.ceil(sent.length / fault.pieces), 1);
    for (let at = 0; at < sent.length && !response.destroyed; at += pieceBytes) {
      await sleep(fault.delayMs);
      response.write(sent.subarray(at, at + pieceBytes));
    }
    response.end();
  } else {
    response.end(sent);
  }
}

function damage(bytes: Buffer, fault: Fault | undefined): Buffer {
  if (fault?.kind === 'truncate') return bytes.subarray(0, fault.keptBytes);
  return fault?.kind === 'flip-bit' ? withFlippedBit(bytes, fault.bit) : bytes;
}
