import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countTokens as countCl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { countTokens as countO200k } from 'gpt-tokenizer/encoding/o200k_base';
import type { CatalogueModel } from '../../catalogue/catalogue-model.js';
import type { ModelRequest } from '../../model-request.js';
import { parseChatRequest } from './chat-request.js';
import { boundInputTokens, countableInput } from './input-bound.js';

const CONTEXT_WINDOW = 10_000_000;
const MODEL: CatalogueModel = {
  id: 'gpt-4o-mini',
  upstreamId: 'gpt-4o-mini',
  modelProvider: 'openai',
  contextWindow: CONTEXT_WINDOW,
  maxOutputTokens: 16_384,
  price: undefined,
  priceVersion: 'none',
};
const IMAGE = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'high' } };
const IMAGE_TOKENS = 48_169;

type Message = Readonly<Record<string, unknown>>;
const requestOf = (messages: readonly Message[], more: object = {}): ModelRequest =>
  parseChatRequest(Buffer.from(JSON.stringify({ model: MODEL.id, messages, ...more })));
const user = (content: unknown): Message => ({ role: 'user', content });
const boundOf = (messages: readonly Message[], more: object = {}): number =>
  boundInputTokens(requestOf(messages, more), MODEL);

const options = { disallowedSpecial: new Set<string>() };
const tokensOf = (text: string): number => Math.max(countO200k(text, options), countCl100k(text, options));
/** OpenAI's own count: 3 tokens for each message, its role and content, and 3 for the answer's start. */
const exactTokens = (messages: readonly Message[]): number =>
  messages.reduce(
    (sum, { role, content }) => sum + 3 + tokensOf(String(role)) + tokensOf(String(content)),
    3,
  );

/** Text in every script, lone surrogates, control characters and special tokens included. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength: 100 }),
  fc.string({ unit: fc.constantFrom('<|endoftext|>', '\u0000', '👩‍👩‍👧‍👦', '\\', '"', 'ﷺ', '  '), maxLength: 50 }),
);
const anyMessages = fc.array(
  fc.record({ role: fc.constantFrom('system', 'user', 'assistant', 'developer'), content: anyText }),
  { minLength: 1, maxLength: 8 },
);

describe('boundInputTokens', () => {
  it('is never below the exact count', () => {
    fc.assert(
      fc.property(anyMessages, (messages) => {
        expect(boundOf(messages)).toBeGreaterThanOrEqual(exactTokens(messages));
      }),
      { numRuns: 300 },
    );
  });

  it('has room for as many messages as there are, each as short as can be', () => {
    const messages = Array.from({ length: 1000 }, () => user(''));
    expect(boundOf(messages)).toBeGreaterThanOrEqual(exactTokens(messages));
  });

  it('adds the dearest image for each image', () => {
    const without = requestOf([user([IMAGE])]).bytes.length;
    expect(boundOf([user([IMAGE])])).toBe(without + 16 + IMAGE_TOKENS);
    expect(boundOf([user([IMAGE, { type: 'text', text: 'a' }]), user([IMAGE])])).toBeGreaterThan(
      2 * IMAGE_TOKENS,
    );
  });

  it('adds the preamble of tools', () => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
    const { length } = requestOf([user('a')], { tools }).bytes;
    expect(boundOf([user('a')], { tools })).toBe(length + 16 + 256);
    expect(boundOf([user('a')], { tools: null })).toBeLessThan(length + 256);
  });

  it.each([
    ['a file', user([{ type: 'file', file: { file_id: 'file-1' } }])],
    ['an earlier answer in audio', { role: 'assistant', audio: { id: 'audio-1' } }],
  ])('is the context window for %s, of which the body holds but a name', (_, message) => {
    expect(boundOf([message])).toBe(CONTEXT_WINDOW);
    expect(() => boundInputTokens(requestOf([message]), { ...MODEL, contextWindow: undefined })).toThrow(
      expect.objectContaining({ code: 'parameter_not_supported', param: 'messages' }),
    );
  });

  it('is at most the context window', () => {
    expect(boundInputTokens(requestOf([user('a'.repeat(1000))]), { ...MODEL, contextWindow: 500 })).toBe(500);
    expect(boundInputTokens(requestOf([user('a')]), { ...MODEL, contextWindow: undefined })).toBeLessThan(
      500,
    );
  });

  it('does not stumble over messages that make no sense', () => {
    expect(boundOf([user(null), user([null, 5, 'text', []]), { content: {} }])).toBeGreaterThan(0);
  });
});

describe('countableInput', () => {
  const exactBound = (messages: readonly Message[], more: object = {}): number => {
    const { texts, overheadTokens, marginTokens } = countableInput(requestOf(messages, more));
    return texts.reduce((sum, text) => sum + tokensOf(text), 0) + overheadTokens + marginTokens;
  };

  it('gives a bound that is never below the exact count', () => {
    fc.assert(
      fc.property(anyMessages, (messages) => {
        // What arrives is what JSON carries.
        const arrived = JSON.parse(JSON.stringify(messages)) as Message[];
        expect(exactBound(messages)).toBeGreaterThanOrEqual(exactTokens(arrived));
      }),
      { numRuns: 200 },
    );
  });

  it('counts every text, and tools and schemas as JSON', () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
    const { texts } = countableInput(
      requestOf(
        [
          user([{ type: 'text', text: 'part' }]),
          { role: 'assistant', content: null, tool_calls: [call] },
          { role: 'tool', tool_call_id: 'call_1', content: 'result' },
        ],
        { tools, response_format: { type: 'json_object' } },
      ),
    );
    for (const text of ['part', 'f', '{"a":1}', 'result', JSON.stringify(tools), '{"type":"json_object"}'])
      expect(texts).toContain(text);
  });

  it('counts images and audio by their bounds, not as text', () => {
    const audio = { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } };
    const { texts, overheadTokens } = countableInput(requestOf([user([IMAGE, audio])]));
    expect(texts).toEqual(['user', 'image_url', 'input_audio']);
    expect(overheadTokens).toBe(3 + 3 + IMAGE_TOKENS + JSON.stringify([audio]).length);
  });

  it.each([
    ['a message', { ...user('hidden'), type: 'image_url' }],
    ['a part', user([{ ...IMAGE, text: 'hidden' }])],
    [
      'something deeper',
      user([{ type: 'text', text: 'a', deeper: { type: 'input_audio', text: 'hidden' } }]),
    ],
  ])('counts the text of %s that calls itself an image or audio', (_, message) => {
    expect(countableInput(requestOf([message])).texts).toContain('hidden');
  });

  it.each([
    ['a file', user([{ type: 'file', file: { file_id: 'file-1' } }])],
    ['an earlier answer in audio', { role: 'assistant', audio: { id: 'audio-1' } }],
  ])('gives no bound below the cheap one for %s', (_, message) => {
    expect(exactBound([message])).toBe(Number.POSITIVE_INFINITY);
    expect(countableInput(requestOf([message])).overheadTokens).toBe(6);
  });
});
