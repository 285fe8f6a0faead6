import { describe, expect, it } from '@jest/globals';
import { NO_TOKENS } from '@tollgate/domain';
import fc from 'fast-check';
import { SseSplitter } from '../../wire/sse-splitter.js';
import { MessagesStream } from './messages-stream.js';

const event = (data: { readonly type: string }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const start = (usage: object | undefined): string =>
  event({ type: 'message_start', message: { id: 'msg_1', content: [], usage } } as { type: string });
const word = (text: string): string =>
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } } as { type: string });
const tool = (name: string): string =>
  event({
    type: 'content_block_start',
    index: 0,
    content_block: { type: 'tool_use', id: 'toolu_1', name, input: {} },
  } as { type: string });
const end = (usage: object): string =>
  event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage } as { type: string });
const STOP = event({ type: 'message_stop' });

const INPUT = { input_tokens: 7, cache_read_input_tokens: 40, cache_creation_input_tokens: 3 };
const START = start({ ...INPUT, output_tokens: 1 });
const USAGE = { ...NO_TOKENS, inputTokens: 50, cachedInputTokens: 40, cacheWriteTokens: 3 };
const REPORTED = { kind: 'reported', usage: { ...USAGE, outputTokens: 9 } };

/** Passes runs of events and answers what the client got. */
function pass(stream: MessagesStream, ...runs: string[]): string {
  return Buffer.concat(runs.flatMap((run) => stream.pass(Buffer.from(run)))).toString();
}

describe('MessagesStream', () => {
  it('passes everything on, and bills the input of the first event and the output of the last but one', () => {
    for (const runs of [
      [START, word('a'), end({ output_tokens: 9 }), STOP],
      [START + word('a') + end({ output_tokens: 9 }) + STOP],
    ]) {
      const stream = new MessagesStream();
      expect(pass(stream, ...runs)).toBe(runs.join(''));
      expect({ billing: stream.billing, done: stream.done }).toEqual({ billing: REPORTED, done: true });
    }
  });

  it('takes the running totals of the end for the last word, its input included', () => {
    const stream = new MessagesStream();
    pass(stream, START, end({ ...INPUT, input_tokens: 10, output_tokens: 9 }));
    expect(stream.billing).toEqual({
      kind: 'reported',
      usage: { ...USAGE, inputTokens: 53, outputTokens: 9 },
    });
  });

  it('has a stream that was cut counted, with the input that was reported', () => {
    const stream = new MessagesStream();
    pass(stream, START, word('Hello '), word('world'));
    expect({ billing: stream.billing, done: stream.done }).toEqual({
      billing: { kind: 'counted', text: 'Hello world', input: { ...USAGE, outputTokens: 1 } },
      done: false,
    });
  });

  it('has both counted where no usage was reported', () => {
    const stream = new MessagesStream();
    pass(stream, start(undefined), word('Hello'), STOP);
    expect({ billing: stream.billing, done: stream.done }).toEqual({
      billing: { kind: 'counted', text: 'Hello' },
      done: true,
    });
  });

  it.each([
    ['the word', word('message_stop "output_tokens"')],
    ['an event in quotes', word('{"type":"message_stop"}')],
    ['the name of a tool', tool('message_stop') + tool('output_tokens')],
  ])('does not take %s for the end or for usage', (_, run) => {
    const stream = new MessagesStream();
    expect(pass(stream, run)).toBe(run);
    expect({ kind: stream.billing.kind, done: stream.done }).toEqual({ kind: 'counted', done: false });
  });

  it('gives the same events, text and usage however the stream is cut', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 600 }), { maxLength: 80 });
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.infiniteStream(fc.nat({ max: 3000 })),
        (words, lineEnd, reports, sizes) => {
          const tail = reports ? end({ output_tokens: 9 }) + STOP : '';
          const sent = Buffer.from((START + words.map(word).join('') + tail).replaceAll('\n', lineEnd));
          const splitter = new SseSplitter();
          const stream = new MessagesStream();
          const got: Buffer[] = [];
          for (let at = 0; at < sent.length;) {
            const size = 1 + Number(sizes.next().value);
            const run = splitter.feed(sent.subarray(at, at + size));
            if (run) got.push(...stream.pass(run));
            at += size;
          }
          expect(Buffer.concat(got).equals(sent)).toBe(true);
          expect(stream.done).toBe(reports);
          const counted = { kind: 'counted', text: words.join(''), input: { ...USAGE, outputTokens: 1 } };
          expect(stream.billing).toEqual(reports ? REPORTED : counted);
        },
      ),
      { numRuns: 200 },
    );
  });
});
