import { describe, expect, it } from '@jest/globals';

import { eventsOf, post, withMock } from './spec-client.js';

const TOOLS = [{ type: 'function', function: { name: 'weather' } }];

describe('the OpenAI wire', () => {
  it('answers a plain call with a chat.completion whose tokens are its words', async () => {
    await withMock(async (mock) => {
      mock.behave({ chunks: 2, cachedTokens: 1 });
      const response = await post(mock);
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(await response.json()).toEqual({
        id: 'chatcmpl-mock00000000000000000001',
        object: 'chat.completion',
        created: expect.any(Number),
        model: 'm',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'word1 word2 ', refusal: null, annotations: [] },
            logprobs: null,
            finish_reason: 'stop',
          },
        ],
        usage: {
          prompt_tokens: 6,
          completion_tokens: 2,
          total_tokens: 8,
          prompt_tokens_details: { cached_tokens: 1, audio_tokens: 0 },
          completion_tokens_details: {
            reasoning_tokens: 0,
            audio_tokens: 0,
            accepted_prediction_tokens: 0,
            rejected_prediction_tokens: 0,
          },
        },
        service_tier: 'default',
        system_fingerprint: 'fp_mock000001',
      });
    });
  });

  it('cuts the answer at max_completion_tokens and multiplies it by n', async () => {
    await withMock(async (mock) => {
      const response = await post(mock, { body: { n: 2, max_completion_tokens: 3 } });
      const choice = { finish_reason: 'length', message: { content: 'word1 word2 word3 ' } };
      expect(await response.json()).toMatchObject({
        choices: [
          { index: 0, ...choice },
          { index: 1, ...choice },
        ],
        usage: { completion_tokens: 6 },
      });
    });
  });

  it('streams usage null on every chunk and one last chunk with the counts when usage is asked for', async () => {
    await withMock(async (mock) => {
      mock.behave({ chunks: 2 });
      const text = await (
        await post(mock, { body: { stream: true, stream_options: { include_usage: true } } })
      ).text();
      const events = eventsOf(text);
      expect(events.slice(0, -1).every((event) => 'usage' in event && event.usage === null)).toBe(true);
      expect(events).toMatchObject([
        {
          object: 'chat.completion.chunk',
          choices: [{ delta: { role: 'assistant', content: '', refusal: null } }],
        },
        { choices: [{ index: 0, delta: { content: 'word1 ' }, logprobs: null, finish_reason: null }] },
        { choices: [{ index: 0, delta: { content: 'word2 ' }, finish_reason: null }] },
        { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
        { choices: [], usage: { prompt_tokens: 6, completion_tokens: 2, total_tokens: 8 } },
      ]);
      expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    });
  });

  it('streams no usage field at all when usage is not asked for', async () => {
    await withMock(async (mock) => {
      const events = eventsOf(await (await post(mock, { body: { stream: true } })).text());
      expect(events).toHaveLength(22);
      expect(events.some((event) => 'usage' in event)).toBe(false);
    });
  });

  it('calls tools in a plain answer and answers with text after a tool result', async () => {
    await withMock(async (mock) => {
      mock.behave({ toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }], content: 'It rains.' });
      const called = await post(mock, { body: { tools: TOOLS } });
      const toolCall = { type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } };
      expect(await called.json()).toMatchObject({
        choices: [{ finish_reason: 'tool_calls', message: { content: null, tool_calls: [toolCall] } }],
        usage: { completion_tokens: 3 },
      });
      const messages = [{ role: 'tool', tool_call_id: 'x', content: '8 degrees' }];
      const said = await post(mock, { body: { tools: TOOLS, messages } });
      expect(await said.json()).toMatchObject({ choices: [{ message: { content: 'It rains.' } }] });
    });
  });

  it('streams a tool call as its id and name first and its arguments over several deltas', async () => {
    await withMock(async (mock) => {
      mock.behave({ toolCalls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }] });
      const events = eventsOf(await (await post(mock, { body: { tools: TOOLS, stream: true } })).text());
      expect(events.map((event) => ('choices' in event ? event.choices : undefined))).toMatchObject([
        [{ delta: { role: 'assistant', content: null } }],
        [
          {
            delta: {
              tool_calls: [
                { index: 0, id: expect.any(String), function: { name: 'weather', arguments: '' } },
              ],
            },
          },
        ],
        [{ delta: { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] } }],
        [{ delta: { tool_calls: [{ index: 0, function: { arguments: '"Oslo"}' } }] } }],
        [{ delta: {}, finish_reason: 'tool_calls' }],
      ]);
    });
  });

  it('refuses a missing key, the bad key and a body without a model in its error envelope', async () => {
    await withMock(async (mock) => {
      const error = { code: 'invalid_api_key', type: 'invalid_request_error', param: null };
      for (const key of ['', 'bad-key']) {
        const response = await post(mock, { key });
        expect(response.status).toBe(401);
        expect(await response.json()).toMatchObject({ error });
      }
      const response = await post(mock, { body: { model: undefined } });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { param: 'model', code: null } });
    });
  });

  it('lists its models', async () => {
    await withMock(async (mock) => {
      const response = await fetch(`${mock.url}/v1/models`, { headers: { 'x-api-key': 'k' } });
      expect(await response.json()).toMatchObject({
        object: 'list',
        data: [{ id: 'gpt-4o', object: 'model' }, {}, {}, {}, {}, {}],
      });
    });
  });
});
