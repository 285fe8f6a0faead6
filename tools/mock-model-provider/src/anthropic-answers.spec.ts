import { describe, expect, it } from '@jest/globals';

import { eventsOf, post, withMock } from './spec-client.js';

const path = '/v1/messages';

describe('the Anthropic wire', () => {
  it('answers a plain call with a message that counts cached tokens apart', async () => {
    await withMock(async (mock) => {
      mock.behave({ chunks: 2, cachedTokens: 4 });
      expect(await (await post(mock, { path })).json()).toMatchObject({
        type: 'message',
        role: 'assistant',
        content: [{ type: 'text', text: 'word1 word2 ' }],
        stop_reason: 'end_turn',
        stop_sequence: null,
        usage: {
          input_tokens: 2,
          cache_read_input_tokens: 4,
          cache_creation_input_tokens: 0,
          output_tokens: 2,
        },
      });
      expect(mock.bill()).toMatchObject({ inputTokens: 6, cachedInputTokens: 4, outputTokens: 2 });
    });
  });

  it('streams the named events in order and the final count in message_delta', async () => {
    await withMock(async (mock) => {
      const text = await (await post(mock, { path, body: { stream: true, max_tokens: 2 } })).text();
      expect([...text.matchAll(/^event: (.*)$/gm)].map((match) => match[1])).toEqual([
        'message_start',
        'content_block_start',
        'ping',
        'content_block_delta',
        'content_block_delta',
        'content_block_stop',
        'message_delta',
        'message_stop',
      ]);
      expect(eventsOf(text).at(-2)).toMatchObject({
        delta: { stop_reason: 'max_tokens' },
        usage: { output_tokens: 2 },
      });
    });
  });

  it('uses a tool, plain and streamed', async () => {
    await withMock(async (mock) => {
      mock.behave({ toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] });
      const body = { tools: [{ name: 'weather' }] };
      expect(await (await post(mock, { path, body })).json()).toMatchObject({
        stop_reason: 'tool_use',
        content: [{ type: 'tool_use', name: 'weather', input: { city: 'Oslo' } }],
      });
      const events = eventsOf(await (await post(mock, { path, body: { ...body, stream: true } })).text());
      expect(events).toMatchObject([
        { type: 'message_start' },
        { type: 'content_block_start', content_block: { type: 'tool_use', name: 'weather', input: {} } },
        { type: 'ping' },
        { delta: { type: 'input_json_delta', partial_json: '{"city":' } },
        { delta: { type: 'input_json_delta', partial_json: '"Oslo"}' } },
        { type: 'content_block_stop' },
        { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 3 } },
        { type: 'message_stop' },
      ]);
    });
  });

  it('counts the tokens of messages and system without billing them', async () => {
    await withMock(async (mock) => {
      const response = await post(mock, { path: `${path}/count_tokens`, body: { system: 'abcd' } });
      expect(await response.json()).toEqual({ input_tokens: 11 });
      expect(mock.bill().calls).toBe(0);
    });
  });

  it('puts an error status in its own envelope with retry-after', async () => {
    await withMock(async (mock) => {
      mock.behave({ status: 529, retryAfterSeconds: 7 });
      const response = await post(mock, { path });
      expect([response.status, response.headers.get('retry-after')]).toEqual([529, '7']);
      expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } });
    });
  });
});
