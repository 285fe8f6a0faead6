import type { ServerResponse } from 'node:http';

import type { MockBehaviour } from './mock-behaviour.js';
import type { PacedFrame } from './paced-frame.js';
import { pause, untilDrained } from './response-wait.js';
import { writeSplit } from './split-writer.js';
import type { StreamFrame } from './wire-renderer.js';

type OnWritten = (frame: StreamFrame) => void;

function coalesced(frames: readonly StreamFrame[], size: number): readonly StreamFrame[] {
  if (size === 1) return frames;
  const merged: StreamFrame[] = [];
  for (let at = 0; at < frames.length; at += size) {
    let [text, tokens, content] = ['', 0, ''];
    for (const frame of frames.slice(at, at + size)) {
      text += frame.text;
      tokens += frame.tokens;
      content += frame.content;
    }
    merged.push({ text, tokens, content });
  }
  return merged;
}

function paced(frames: readonly StreamFrame[], behaviour: MockBehaviour): readonly PacedFrame[] {
  const { chunkDelayMs = 0, firstChunkDelayMs = 0 } = behaviour;
  let hasContentBefore = false;
  return frames.map((frame, at) => {
    const hasContent = frame.tokens > 0;
    const delayMs = (at === 0 ? firstChunkDelayMs : 0) + (hasContent && hasContentBefore ? chunkDelayMs : 0);
    hasContentBefore ||= hasContent;
    return { frame, delayMs };
  });
}

async function writePaced(
  response: ServerResponse,
  frames: readonly PacedFrame[],
  onWritten: OnWritten,
): Promise<boolean> {
  for (const { frame, delayMs } of frames) {
    if (response.writableNeedDrain && !(await untilDrained(response))) return false;
    if (delayMs > 0 && !(await pause(response, delayMs))) return false;
    if (response.destroyed) return false;
    response.write(frame.text);
    onWritten(frame);
  }
  return true;
}

// The bench path: all within one turn, so that Node hands everything to the socket in one system call.
function writeAtOnce(
  response: ServerResponse,
  frames: readonly StreamFrame[],
  onWritten: OnWritten,
): boolean | Promise<boolean> {
  for (const [at, frame] of frames.entries()) {
    if (response.destroyed) return false;
    if (response.writableNeedDrain) return writePaced(response, paced(frames.slice(at), {}), onWritten);
    response.write(frame.text);
    onWritten(frame);
  }
  return true;
}

/**
 * Writes SSE events at the pace a behaviour asks for, waiting while the client does not read.
 * `onWritten` runs in the same turn as the write that completes an event. Gives false when the client hung up;
 * gives no promise when nothing had to be waited for.
 */
export function writeStream(
  response: ServerResponse,
  frames: readonly StreamFrame[],
  behaviour: MockBehaviour,
  onWritten: OnWritten,
): boolean | Promise<boolean> {
  const { coalesce = 1, chunkDelayMs = 0, firstChunkDelayMs = 0, splitBytes } = behaviour;
  if (splitBytes !== undefined) return writeSplit(response, paced(frames, behaviour), splitBytes, onWritten);
  const merged = coalesced(frames, coalesce);
  if (chunkDelayMs === 0 && firstChunkDelayMs === 0) return writeAtOnce(response, merged, onWritten);
  return writePaced(response, paced(merged, behaviour), onWritten);
}
