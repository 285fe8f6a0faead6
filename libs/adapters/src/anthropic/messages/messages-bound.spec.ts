import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import type { CatalogueModel } from '../../catalogue/catalogue-model.js';
import type { ModelRequest } from '../../model-request.js';
import { boundMessagesInput, countableMessages } from './messages-bound.js';
import { parseMessagesRequest } from './messages-request.js';

const CONTEXT_WINDOW = 200_000;
const MODEL: CatalogueModel = {
  id: 'claude-haiku-4-5',
  upstreamId: 'claude-haiku-4-5',
  modelProvider: 'anthropic',
  contextWindow: CONTEXT_WINDOW,
  maxOutputTokens: 64_000,
  price: undefined,
  priceVersion: 'none',
};
const UNKNOWN_WINDOW = { ...MODEL, contextWindow: undefined };
const FRAMING = 64;
const IMAGE = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
const text = (of: string): object => ({ type: 'text', text: of });
const requestOf = (content: unknown, more: object = {}): ModelRequest =>
  parseMessagesRequest(
    Buffer.from(
      JSON.stringify({ model: MODEL.id, max_tokens: 1, messages: [{ role: 'user', content }], ...more }),
    ),
    {},
  );

describe('boundMessagesInput', () => {
  it('is a token for each byte, and the framing', () => {
    const request = requestOf('Häuser');
    expect(boundMessagesInput(request, MODEL)).toBe(request.bytes.length + FRAMING);
  });

  it('is never below any count of the text, system and tools included', () => {
    const words = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(words, words, words, (said, system, description) => {
        const tools = [{ name: 'f', description, input_schema: { type: 'object' } }];
        const request = requestOf([text(said)], { system, tools });
        const options = { disallowedSpecial: new Set<string>() };
        const { texts, overheadTokens, tokenFactor } = countableMessages(request);
        const counted = texts.reduce((sum, of) => sum + countTokens(of, options), 0);
        expect(boundMessagesInput(request, UNKNOWN_WINDOW)).toBeGreaterThanOrEqual(counted + FRAMING);
        expect(texts).toEqual(
          expect.arrayContaining([said, system, description].map((of) => of.toWellFormed())),
        );
        expect({ overheadTokens, tokenFactor }).toEqual({ overheadTokens: FRAMING, tokenFactor: 1.6 });
      }),
      { numRuns: 100 },
    );
  });

  it('adds the dearest image for each image, those in a tool result included', () => {
    const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: [IMAGE, text('a')] };
    for (const [content, images] of [
      [[IMAGE], 1],
      [[IMAGE, text('a'), result], 2],
    ] as const) {
      const request = requestOf(content);
      expect(boundMessagesInput(request, MODEL)).toBe(request.bytes.length + FRAMING + images * 9000);
    }
  });

  it('adds the prompt that tools bring along', () => {
    const request = requestOf('a', { tools: [{ name: 'f', input_schema: {} }] });
    expect(boundMessagesInput(request, MODEL)).toBe(request.bytes.length + FRAMING + 4096);
  });

  it.each([
    ['a PDF', { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } }],
    ['a file', { type: 'document', source: { type: 'file', file_id: 'file_1' } }],
    ['an upload', { type: 'container_upload', file_id: 'file_1' }],
    [
      'a PDF in a tool result',
      {
        type: 'tool_result',
        content: [{ type: 'document', source: { type: 'url', url: 'https://a.test' } }],
      },
    ],
  ])('is the context window for %s, whose tokens are not in the body', (_, part) => {
    expect(boundMessagesInput(requestOf([part]), MODEL)).toBe(CONTEXT_WINDOW);
    expect(() => boundMessagesInput(requestOf([part]), UNKNOWN_WINDOW)).toThrow(
      expect.objectContaining({ code: 'parameter_not_supported', param: 'messages' }),
    );
  });

  it('knows the length of a document that is plain text', () => {
    const source = { type: 'text', media_type: 'text/plain', data: 'all of it' };
    const request = requestOf([{ type: 'document', source }]);
    expect(boundMessagesInput(request, MODEL)).toBe(request.bytes.length + FRAMING);
    expect(countableMessages(request).texts).toContain('all of it');
  });

  it('is at most the context window', () => {
    expect(boundMessagesInput(requestOf('a'.repeat(1000)), { ...MODEL, contextWindow: 500 })).toBe(500);
  });
});

describe('countableMessages', () => {
  it('counts images by their bound, not as text, and never lowers the bound', () => {
    const { texts, overheadTokens, marginTokens } = countableMessages(
      requestOf([IMAGE, text('What is it?')]),
    );
    expect(texts).toEqual(['user', 'text', 'What is it?']);
    expect({ overheadTokens, marginTokens }).toEqual({
      overheadTokens: FRAMING + 9000,
      marginTokens: Number.POSITIVE_INFINITY,
    });
  });
});
