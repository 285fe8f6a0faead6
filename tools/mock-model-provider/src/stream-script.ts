import type { MockBehaviour } from './mock-behaviour.js';
import type { StreamFrame } from './wire-renderer.js';

/** How a stream stops: ended properly, ended after garbage, socket closed, or silent for ever. */
export type StreamEnding = 'whole' | 'spoilt' | 'cut' | 'stall';

/** The events to be written and what comes after them. */
export interface StreamScript {
  readonly frames: readonly StreamFrame[];
  readonly ending: StreamEnding;
}

function tokensOf(frames: readonly StreamFrame[]): number {
  let tokens = 0;
  for (const frame of frames) tokens += frame.tokens;
  return tokens;
}

/** The place right behind the nth content event; with n = 0, right before the first one. */
function placeAfter(frames: readonly StreamFrame[], contentEvents: number): number {
  let seen = 0;
  for (const [at, frame] of frames.entries()) {
    if (seen === contentEvents && (contentEvents > 0 || frame.tokens > 0)) return at;
    seen += frame.tokens;
  }
  return frames.length;
}

function spoil(frames: readonly StreamFrame[], terminator: string): StreamScript {
  const at = placeAfter(frames, Math.floor(tokensOf(frames) / 2));
  const victim = frames[at]?.text ?? '';
  // The delimiting blank line goes too: only `truncated-json` closes the event it broke.
  const broken = victim.slice(0, Math.floor(victim.length / 2)) + terminator;
  return { frames: [...frames.slice(0, at), { text: broken, tokens: 0, content: '' }], ending: 'spoilt' };
}

function withLineEnds(script: StreamScript): StreamScript {
  // JSON text holds no bare line feed, so every one of them ends an SSE line.
  const frames = script.frames.map((frame) => ({ ...frame, text: frame.text.replaceAll('\n', '\r\n') }));
  return { ...script, frames };
}

function staged(frames: readonly StreamFrame[], behaviour: MockBehaviour): StreamScript {
  if (behaviour.garbage === 'half-event') return spoil(frames, '');
  if (behaviour.garbage === 'truncated-json') return spoil(frames, '\n\n');
  const { cutAfterChunks: cut, stallAfterChunks: stall } = behaviour;
  if (cut === undefined && stall === undefined) return { frames, ending: 'whole' };
  const stop = Math.min(cut ?? Infinity, stall ?? Infinity);
  if (stop > tokensOf(frames)) return { frames, ending: 'whole' };
  return { frames: frames.slice(0, placeAfter(frames, stop)), ending: stop === cut ? 'cut' : 'stall' };
}

/** Applies the stream faults of a behaviour to a whole stream; a fault behind its last content event does nothing. */
export function scriptStream(frames: readonly StreamFrame[], behaviour: MockBehaviour): StreamScript {
  const script = staged(frames, behaviour);
  return behaviour.crlf === true ? withLineEnds(script) : script;
}
