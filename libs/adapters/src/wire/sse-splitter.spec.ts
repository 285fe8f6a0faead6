import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventData, splitEvents, SseSplitter } from './sse-splitter.js';

/** Events of one line end, each with its blank line; the last one may lack its end. */
const streams = fc
  .record({
    events: fc.array(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { minLength: 1, maxLength: 3 }),
      { maxLength: 8 },
    ),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    tail: fc.constantFrom('', 'data: unfinished', 'data: x\n', 'data: x\r\n', 'data: x\r\n\r'),
  })
  .map(({ events, lineEnd, tail }) => {
    const written = events.map(
      (lines) => lines.map((line) => `data: ${line.replaceAll(/[\r\n]/g, '')}${lineEnd}`).join('') + lineEnd,
    );
    return { events: written, tail };
  });

/** Cuts bytes at the given places, each modulo their length. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

describe('SseSplitter', () => {
  it('hands on every byte in runs of whole events, however the stream is cut', () => {
    fc.assert(
      fc.property(streams, fc.array(fc.nat(), { maxLength: 20 }), ({ events, tail }, places) => {
        const bytes = Buffer.from(events.join('') + tail);
        const splitter = new SseSplitter();
        const ends = new Set<number>([0]);
        for (const event of events) ends.add(Math.max(...ends) + Buffer.byteLength(event));
        let handed = 0;
        const runs: Buffer[] = [];
        for (const piece of cut(bytes, places)) {
          const run = splitter.feed(piece);
          if (!run) continue;
          runs.push(run);
          handed += run.length;
          expect(ends).toContain(handed);
        }
        expect(Buffer.concat([...runs, splitter.rest ?? Buffer.alloc(0)])).toEqual(bytes);
        expect(handed).toBe(Math.max(...ends));
        expect(runs.flatMap((run) => splitEvents(run)).map(String)).toEqual(events);
      }),
      { numRuns: 500 },
    );
  });

  it('hands on a read that ends with an event without copying it', () => {
    const bytes = Buffer.from('data: a\n\ndata: b\n\n');
    expect(new SseSplitter().feed(bytes)).toBe(bytes);
  });

  it('refuses an event of more than 4 MiB that has not ended', () => {
    const splitter = new SseSplitter();
    const mebibyte = Buffer.alloc(1024 * 1024, 'a');
    for (let fed = 0; fed < 4; fed += 1) expect(splitter.feed(mebibyte)).toBeUndefined();
    expect(() => splitter.feed(Buffer.from('a'))).toThrow(
      expect.objectContaining({ code: 'upstream_invalid_response' }),
    );
  });
});

describe('eventData', () => {
  it.each([
    ['data: {"a":1}\n\n', '{"a":1}'],
    ['data:{"a":1}\r\n\r\n', '{"a":1}'],
    ['event: x\nid: 1\ndata: a\ndata:  b\n\n', 'a\n b'],
    [': a comment\n\n', ''],
    ['database: 1\n\n', ''],
  ])('of %j is %j', (event, data) => {
    expect(eventData(event)).toBe(data);
  });
});
