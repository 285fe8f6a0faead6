import { TollgateError } from '@tollgate/domain';

const MAX_EVENT_BYTES = 4 * 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/** The offset after the last blank line, or 0: everything before it is whole events. */
function endOfLastEvent(bytes: Buffer): number {
  for (let at = bytes.lastIndexOf(LF); at > 0; at = bytes.lastIndexOf(LF, at - 1)) {
    if (bytes[at - 1] === LF) return at + 1;
    if (at > 2 && bytes[at - 1] === CR && bytes[at - 2] === LF && bytes[at - 3] === CR) return at + 1;
  }
  return 0;
}

/**
 * Cuts a byte stream into runs of whole server-sent events (blank line: LF LF or CR LF CR LF). The bytes are handed
 * on as they came; only an event that straddles two reads is copied.
 */
export class SseSplitter {
  #rest: Buffer | undefined;

  /**
   * Takes what was read and answers the whole events in it, if there are any.
   * @throws TollgateError `upstream_invalid_response` for an event without end
   */
  feed(chunk: Buffer): Buffer | undefined {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    const end = endOfLastEvent(bytes);
    this.#rest = end === bytes.length ? undefined : bytes.subarray(end);
    if (this.#rest && this.#rest.length > MAX_EVENT_BYTES) {
      throw new TollgateError('upstream_invalid_response', 'The model provider sent an event without end.');
    }
    if (end === 0) return undefined;
    return end === bytes.length ? bytes : bytes.subarray(0, end);
  }

  /** Bytes of an event that never ended. */
  get rest(): Buffer | undefined {
    return this.#rest;
  }
}

/** The data of one event: its `data:` lines joined by line breaks (WHATWG HTML, server-sent events). */
export function eventData(event: string): string {
  // Nearly all events are one line of data.
  if (event.startsWith('data: ') && event.indexOf('\n') === event.length - 2) return event.slice(6, -2);
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  return lines.map((line) => line.slice(line.startsWith('data: ') ? 6 : 5)).join('\n');
}

/** Where the event begins and ends (with its blank line) that an offset of a run of whole events falls in. */
export function eventAround(events: Buffer, at: number): { start: number; end: number } {
  let before = events.lastIndexOf(LF, at);
  while (before > 0 && !endsBlankLine(events, before)) before = events.lastIndexOf(LF, before - 1);
  let after = events.indexOf(LF, at);
  while (after !== -1 && !endsBlankLine(events, after)) after = events.indexOf(LF, after + 1);
  return { start: before > 0 ? before + 1 : 0, end: after === -1 ? events.length : after + 1 };
}

const endsBlankLine = (bytes: Buffer, lf: number): boolean =>
  bytes[lf - 1] === LF || (bytes[lf - 1] === CR && bytes[lf - 2] === LF);

/** Splits a run of whole events into them, each with its blank line. */
export function splitEvents(events: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  for (let at = events.indexOf(LF); at !== -1; at = events.indexOf(LF, at + 1)) {
    const blank =
      events[at + 1] === LF ? at + 2 : events[at + 1] === CR && events[at + 2] === LF ? at + 3 : 0;
    if (blank === 0) continue;
    parts.push(events.subarray(start, blank));
    start = blank;
    at = blank - 1;
  }
  if (start < events.length) parts.push(events.subarray(start));
  return parts;
}
