import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SseSplitter } from '../wire/sse-splitter.js';
import { chatToMessages } from './chat-to-messages.js';
import { messagesToChat } from './messages-to-chat.js';
import { ChatToMessagesStream } from './stream-to-messages.js';
import { MessagesToChatStream } from './stream-to-chat.js';
import type { StreamTranslation } from './stream-translation.js';
import { chatEvents, DONE, messageEnd, messagesEvents, messageStart, textEvents } from './testing/events.js';

const hello = { role: 'user', content: 'Hello' };
const parse = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const calling = (text: string): Record<string, unknown> => ({
  model: 'm',
  messages: [
    {
      role: 'assistant',
      tool_calls: [{ type: 'function', id: 'c', function: { name: 'f', arguments: text } }],
    },
    hello,
  ],
});

/** All that comes out of a translation when the upstream's bytes come in pieces of these sizes. */
function inPieces(translation: StreamTranslation, bytes: Buffer, sizes: Iterator<number>): string {
  const splitter = new SseSplitter();
  const got: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + Number(sizes.next().value);
    const run = splitter.feed(bytes.subarray(at, at + size));
    if (run) got.push(translation.feed(run));
    at += size;
  }
  return Buffer.concat([...got, translation.end()]).toString();
}

const openChat = (): StreamTranslation =>
  new MessagesToChatStream({ createdAtSeconds: 1, includesUsage: true });
const chunk = (delta: object): Record<string, unknown> => ({ id: 'x', model: 'm', choices: [{ delta }] });

describe('translation of hostile input', () => {
  it.each(['__proto__', 'constructor', 'toString'])('treats %s as any other key', (key) => {
    const body = parse(
      `{"model":"m","messages":[{"role":"user","content":"Hello"}],"${key}":{"polluted":true}}`,
    );
    const refusal = expect.objectContaining({ code: 'parameter_not_translatable', param: key });
    expect(() => chatToMessages(body, 9)).toThrow(refusal);
    expect(() => messagesToChat({ ...body, max_tokens: 9 })).toThrow(refusal);

    const input = `{"${key}":{"polluted":true}}`;
    const { messages } = chatToMessages(calling(input), 9);
    expect(JSON.stringify(messages)).toContain(`"input":${input}`);
    expect(JSON.stringify(messagesToChat({ model: 'm', max_tokens: 9, messages }))).toContain(
      JSON.stringify(input),
    );
    expect({}).not.toHaveProperty('polluted');
  });

  it('does not quote the name of a parameter without end', () => {
    const body = { model: 'm', messages: [hello], [`x${'y'.repeat(100_000)}`]: 1 };
    expect(() => chatToMessages(body, 9)).toThrow(
      expect.objectContaining({ param: `x${'y'.repeat(199)}`, message: expect.stringMatching(/^.{0,300}$/) }),
    );
  });

  it('refuses arguments that are nested without end, before they could exhaust the stack', () => {
    expect(chatToMessages(calling(nested(100)), 9).messages).toHaveLength(2);
    expect(() => chatToMessages(calling(nested(100_000)), 9)).toThrow(
      expect.objectContaining({ param: 'messages.0.tool_calls.0.function.arguments' }),
    );
  });

  it('survives a block that is nested without end', () => {
    const block = `{"type":"content_block_start","index":0,"content_block":${nested(50_000)}}`;
    const events = Buffer.from(messagesEvents(messageStart()) + `data: ${block}\n\n`);
    expect(() => openChat().feed(events)).toThrow(
      expect.objectContaining({ code: 'upstream_invalid_response' }),
    );
  });

  it('takes time in proportion to the conversation', () => {
    const content = Array.from({ length: 200_000 }, () => ({ type: 'text', text: 'word' }));
    const many = Array.from({ length: 50_000 }, () => hello);
    const { messages } = chatToMessages({ model: 'm', messages: [{ role: 'user', content }, ...many] }, 9);
    expect(messages[0]?.content).toHaveLength(250_000);
    expect(messagesToChat({ model: 'm', max_tokens: 9, messages }).messages[0]?.content).toHaveLength(
      250_000,
    );
  });

  it('keeps half a character as it came, in requests and in streams', () => {
    const half = JSON.parse('"\\ud83d"') as string;
    const request = chatToMessages({ model: 'm', messages: [{ role: 'user', content: half }] }, 9);
    expect(JSON.stringify(request.messages)).toBe('[{"role":"user","content":"\\ud83d"}]');
    const events = Buffer.from(messagesEvents(messageStart(), ...textEvents(0, half, '\ude00')));
    const passed = openChat().feed(events).toString();
    expect(passed).toContain('"content":"\\ud83d"');
    expect(passed).toContain('"content":"\\ude00"');
  });

  it('makes the same events of an Anthropic stream however it is cut', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 20 });
    const lineEnds = fc.constantFrom('\n', '\r\n');
    const sizes = fc.infiniteStream(fc.nat({ max: 500 }));
    fc.assert(
      fc.property(texts, lineEnds, sizes, (words, lineEnd, cuts) => {
        const events = messagesEvents(messageStart(), ...textEvents(0, ...words), ...messageEnd('end_turn'));
        const bytes = Buffer.from(events.replaceAll('\n', lineEnd));
        const got = inPieces(openChat(), bytes, cuts);
        expect(got).toBe(openChat().feed(Buffer.from(events)).toString());
        expect(got.endsWith(DONE)).toBe(true);
      }),
    );
  });

  it('makes the same events of an OpenAI stream however it is cut', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { minLength: 1, maxLength: 20 });
    const sizes = fc.infiniteStream(fc.nat({ max: 500 }));
    fc.assert(
      fc.property(texts, sizes, (words, cuts) => {
        const events = chatEvents(...words.map((content) => chunk({ content }))) + DONE;
        const got = inPieces(new ChatToMessagesStream(), Buffer.from(events), cuts);
        expect(got).toBe(new ChatToMessagesStream().feed(Buffer.from(events)).toString());
        expect(got.endsWith('event: message_stop\ndata: {"type":"message_stop"}\n\n')).toBe(true);
      }),
    );
  });

  it('keeps nothing of what has passed', () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const heapBytes = (): number => {
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const words = Buffer.from(chatEvents(chunk({ content: 'x'.repeat(10_000) })));
    const stream = new ChatToMessagesStream();
    stream.feed(words);
    const before = heapBytes();
    for (let count = 0; count < 5000; count += 1) stream.feed(words);
    expect(heapBytes() - before).toBeLessThan(5_000_000); // of the 50 million that have passed
    expect(stream.state).toBe('open');
  });
});
