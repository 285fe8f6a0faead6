import { describe, expect, it } from '@jest/globals';
import { NO_TOKENS } from '@tollgate/domain';
import fc from 'fast-check';
import { ChatStream } from './chat-stream.js';
import { SseSplitter } from '../../wire/sse-splitter.js';

const WIRE_USAGE = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
const USAGE = { ...NO_TOKENS, inputTokens: 7, outputTokens: 3 };
const REPORTED = { kind: 'reported', usage: USAGE };

const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
const word = (content: string, more: object = {}): string =>
  event({ id: 'x', choices: [{ index: 0, delta: { content }, finish_reason: null }], ...more });
const USAGE_CHUNK = event({ id: 'x', choices: [], usage: WIRE_USAGE });
const DONE = 'data: [DONE]\n\n';

/** Passes runs of events and answers what the client got. */
function pass(stream: ChatStream, ...runs: string[]): string {
  return Buffer.concat(runs.flatMap((run) => stream.pass(Buffer.from(run)))).toString();
}

describe('ChatStream', () => {
  it('keeps the usage chunk from a client that did not ask for it, alone or in company', () => {
    for (const runs of [[word('a'), USAGE_CHUNK, DONE], [word('a') + USAGE_CHUNK + DONE]]) {
      const stream = new ChatStream(true);
      expect(pass(stream, ...runs)).toBe(word('a') + DONE);
      expect({ billing: stream.billing, done: stream.done }).toEqual({ billing: REPORTED, done: true });
    }
  });

  it('leaves the usage chunk to a client that asked for it', () => {
    const stream = new ChatStream(false);
    expect(pass(stream, word('a', { usage: null }) + USAGE_CHUNK, DONE)).toBe(
      word('a', { usage: null }) + USAGE_CHUNK + DONE,
    );
    expect(stream.billing).toEqual(REPORTED);
  });

  it('takes usage out of a chunk with choices, and leaves the chunk', () => {
    const stream = new ChatStream(true);
    const last = word('a', { usage: WIRE_USAGE });
    expect(pass(stream, last + DONE)).toBe(last + DONE);
    expect(stream.billing).toEqual(REPORTED);
  });

  it('believes the last usage', () => {
    const stream = new ChatStream(true);
    pass(stream, word('a', { usage: { ...WIRE_USAGE, completion_tokens: 1 } }), USAGE_CHUNK);
    expect(stream.billing).toEqual(REPORTED);
  });

  it.each([
    ['"usage":null', word('a', { usage: null })],
    ['the word', word('usage')],
    ['the key in quotes', word('{"usage":{"prompt_tokens":1,"completion_tokens":1}}')],
    ['the key of something deeper', event({ choices: [{ delta: { content: 'a', usage: WIRE_USAGE } }] })],
    ['no usable usage', event({ choices: [], usage: { prompt_tokens: 1 } })],
    ['no JSON', 'data: {"usage":{"prompt_tokens":1,\n\n'],
  ])('does not take %s for usage', (_, run) => {
    const stream = new ChatStream(true);
    expect(pass(stream, run)).toBe(run);
    expect(stream.billing).toMatchObject({ kind: 'counted' });
  });

  it('knows whether the stream was completed', () => {
    for (const done of [DONE, 'data:[DONE]\r\n\r\n']) {
      const stream = new ChatStream(true);
      pass(stream, word('[DONE'));
      expect(stream.done).toBe(false);
      pass(stream, done);
      expect(stream.done).toBe(true);
    }
  });

  it('does not take the words of a model for the end of its stream', () => {
    const stream = new ChatStream(true);
    pass(stream, word('data: [DONE]'));
    expect(stream.done).toBe(false);
  });

  it('keeps the text of a long stream, boiled down or not', () => {
    const words = Array.from({ length: 2000 }, (_, index) => `word${index} “€” `);
    const stream = new ChatStream(true);
    expect(pass(stream, ...words.map((text) => word(text)))).toBe(words.map((text) => word(text)).join(''));
    expect(stream.billing).toEqual({ kind: 'counted', text: words.join('') });
    expect(stream.billing).toEqual({ kind: 'counted', text: words.join('') });
  });

  it('gives the same events, text and usage however the stream is cut', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 600 }), { maxLength: 80 });
    const lineEnds = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(
        texts,
        lineEnds,
        fc.boolean(),
        fc.boolean(),
        fc.infiniteStream(fc.nat({ max: 3000 })),
        (words, lineEnd, strips, reports, sizes) => {
          const ended = (text: string): string => text.replaceAll('\n', lineEnd);
          const content = words.map((text) => ended(word(text))).join('');
          const sent = Buffer.from(content + (reports ? ended(USAGE_CHUNK) : '') + ended(DONE));
          const splitter = new SseSplitter();
          const stream = new ChatStream(strips);
          const got: Buffer[] = [];
          for (let at = 0; at < sent.length;) {
            const size = 1 + Number(sizes.next().value);
            const run = splitter.feed(sent.subarray(at, at + size));
            if (run) got.push(...stream.pass(run));
            at += size;
          }
          const usageChunk = reports && !strips ? ended(USAGE_CHUNK) : '';
          expect(Buffer.concat(got).toString()).toBe(content + usageChunk + ended(DONE));
          expect(stream.done).toBe(true);
          expect(stream.billing).toEqual(reports ? REPORTED : { kind: 'counted', text: words.join('') });
        },
      ),
      { numRuns: 300 },
    );
  });
});
