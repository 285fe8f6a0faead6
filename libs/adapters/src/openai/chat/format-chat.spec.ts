import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseChatRequest } from './chat-request.js';
import { chatCall } from '../../model-adapter.conformance.js';
import { formatChat } from './format-chat.js';

const MESSAGES = '"messages":[{"role":"user","content":"{\\"Hi"}]';
const format = (text: string, outputCap = 50): Buffer => {
  const request = parseChatRequest(Buffer.from(text));
  const call = chatCall({}, undefined, outputCap);
  return formatChat({ ...call, request, model: { ...call.model, upstreamId: 'm' } });
};

describe('formatChat', () => {
  it.each([
    `{"model":"m",${MESSAGES},"max_completion_tokens":5}`,
    `{"model":"m",${MESSAGES},"max_tokens":5,"max_completion_tokens":null}`,
    ` {\n"max_tokens" : 5,"model":"m",${MESSAGES},"seed":12345678901234567890}\n`,
    `{"stream":true,"stream_options":{"include_usage":true},"max_tokens":5,"model":"m",${MESSAGES}}`,
    `{"stream":false,"stream_options":null,"max_tokens":5,"model":"m",${MESSAGES}}`,
  ])('does not touch a body that has all it needs: %s', (text) => {
    expect(format(text).toString()).toBe(text);
  });

  it('puts what is missing in front, and leaves the bytes behind it', () => {
    expect(format(`{"model":"m",${MESSAGES}}`).toString()).toBe(
      `{"max_completion_tokens":50,"model":"m",${MESSAGES}}`,
    );
    expect(format(` \n{ "model":"m",${MESSAGES},"stream":true,"seed":1e400}`).toString()).toBe(
      `{"max_completion_tokens":50,"stream_options":{"include_usage":true}, "model":"m",${MESSAGES},"stream":true,"seed":1e400}`,
    );
  });

  it.each([
    [`"max_tokens":5,"model":"an-alias"`, { model: 'm' }],
    [`"max_completion_tokens":null`, { max_completion_tokens: 50 }],
    [`"max_completion_tok\\u0065ns":null`, { max_completion_tokens: 50 }],
    [`"max_tokens":5,"stream":true,"stream_options":null`, { stream_options: { include_usage: true } }],
    [
      `"max_tokens":5,"stream":true,"stream_options":{"include_usage":false,"include_obfuscation":false}`,
      { stream_options: { include_usage: true, include_obfuscation: false } },
    ],
  ])('replaces a parameter that says otherwise: %s', (params, added) => {
    const text = params.includes('model') ? `{${MESSAGES},${params}}` : `{"model":"m",${MESSAGES},${params}}`;
    const sent = format(text).toString();
    expect(JSON.parse(sent)).toEqual({ ...(JSON.parse(text) as object), ...added });
    expect(() => parseChatRequest(Buffer.from(sent))).not.toThrow();
  });

  it('sends just what the client sent and the additions, whatever the body', () => {
    const params = fc.record(
      {
        stream: fc.constantFrom(true, false, null),
        stream_options: fc.constantFrom(null, {}, { include_usage: false }, { include_usage: true }),
        max_tokens: fc.constantFrom(null, 7),
        max_completion_tokens: fc.constantFrom(null, 9),
        user: fc.string(),
        metadata: fc.dictionary(fc.string(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const content = fc.string({ unit: 'grapheme' });
    const names = fc.constantFrom(chatCall().model.id, 'an-alias');
    fc.assert(
      fc.property(params, content, fc.constantFrom('', ' ', '\t'), names, (more, text, space, model) => {
        const body = { ...more, model, messages: [{ role: 'user', content: text }] };
        const bytes = Buffer.from(JSON.stringify(body, null, space));
        const request = parseChatRequest(bytes);
        const sent = formatChat({ ...chatCall(), outputCap: 50, request });
        const expected: Record<string, unknown> = JSON.parse(bytes.toString()) as Record<string, unknown>;
        expected['model'] = chatCall().model.id;
        if (more.max_tokens == null && more.max_completion_tokens == null)
          expected['max_completion_tokens'] = 50;
        if (more.stream && !more.stream_options?.include_usage)
          expected['stream_options'] = { ...more.stream_options, include_usage: true };
        expect(JSON.parse(sent.toString())).toEqual(expected);
        // What is sent is a legal request without duplicates, and says the same.
        expect(parseChatRequest(sent)).toMatchObject({ stream: request.stream });
      }),
      { numRuns: 500 },
    );
  });
});
