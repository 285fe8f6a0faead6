import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { MessagesToChatStream } from './stream-to-chat.js';
import { ChatToMessagesStream } from './stream-to-messages.js';
import {
  block,
  chatEvents,
  DONE,
  messageEnd,
  messagesEvents,
  messageStart,
  textEvents,
  translateStream,
} from './testing/events.js';

/** What a client that was given these bytes as its stream believes to have received. */
const answering = (events: string) => async (): Promise<Response> =>
  new Response(events, { headers: { 'content-type': 'text/event-stream' } });

const openai = (events: string): OpenAI =>
  new OpenAI({ apiKey: 'k', baseURL: 'http://gateway.test', maxRetries: 0, fetch: answering(events) });
const anthropic = (events: string): Anthropic =>
  new Anthropic({ apiKey: 'k', baseURL: 'http://gateway.test', maxRetries: 0, fetch: answering(events) });

const messages = [{ role: 'user' as const, content: 'Hello' }];
const use = (id: string): object => ({ type: 'tool_use', id, name: 'look', input: {} });
const json = (partial_json: string): object => ({ type: 'input_json_delta', partial_json });
const claude = [
  messageStart(),
  ...block(
    0,
    { type: 'thinking', thinking: '', signature: '' },
    { type: 'signature_delta', signature: 'c2ln' },
  ),
  ...textEvents(1, 'I ', 'look.'),
  ...block(2, use('c1'), json('{"a"'), json(':1}')),
  ...block(3, use('c2')),
  ...messageEnd('tool_use'),
];
const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o-mini' };
const delta = (of: object, finish_reason: string | null = null): Record<string, unknown> => ({
  ...head,
  choices: [{ index: 0, delta: of, finish_reason }],
});
const call = (index: number, id: string, text: string): object => ({
  tool_calls: [{ index, id, type: 'function', function: { name: 'look', arguments: text } }],
});
const gpt = [
  delta({ role: 'assistant', content: '' }),
  delta({ content: 'I ' }),
  delta({ content: 'look.' }),
  delta(call(0, 'c1', '{"a":1}')),
  delta(call(1, 'c2', '{}')),
  delta({}, 'tool_calls'),
  { ...head, choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } },
];

describe("the vendors' own clients", () => {
  it('openai puts a translated stream together, thinking blocks to send back included', async () => {
    const stream = new MessagesToChatStream({ createdAtSeconds: 1, includesUsage: true });
    const client = openai(translateStream(stream, messagesEvents(...claude)));
    const answer = await client.chat.completions.stream({ model: 'm', messages }).finalChatCompletion();
    expect(answer).toMatchObject({
      id: 'msg_1',
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: 'I look.',
            tool_calls: [
              { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"a":1}' } },
              { id: 'c2', type: 'function', function: { name: 'look', arguments: '{}' } },
            ],
            thinking_blocks: [{ index: 0, type: 'thinking', thinking: '', signature: 'c2ln' }],
          },
        },
      ],
      usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    });
  });

  it('openai throws for a translated stream that was cut short', async () => {
    const stream = new MessagesToChatStream({ createdAtSeconds: 1, includesUsage: true });
    const client = openai(translateStream(stream, messagesEvents(...claude.slice(0, -1))));
    const answer = client.chat.completions.stream({ model: 'm', messages }).finalChatCompletion();
    await expect(answer).rejects.toMatchObject({ code: 'upstream_invalid_response' });
  });

  it('@anthropic-ai/sdk puts a translated stream together', async () => {
    const client = anthropic(translateStream(new ChatToMessagesStream(), chatEvents(...gpt) + DONE));
    const answer = await client.messages.stream({ model: 'm', max_tokens: 9, messages }).finalMessage();
    expect(answer).toMatchObject({
      id: 'chatcmpl-1',
      model: 'gpt-4o-mini',
      stop_reason: 'tool_use',
      content: [
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', id: 'c1', name: 'look', input: { a: 1 } },
        { type: 'tool_use', id: 'c2', name: 'look', input: {} },
      ],
      usage: { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 0 },
    });
  });

  it('@anthropic-ai/sdk throws for a translated stream that was cut short', async () => {
    const client = anthropic(translateStream(new ChatToMessagesStream(), chatEvents(...gpt)));
    const answer = client.messages.stream({ model: 'm', max_tokens: 9, messages }).finalMessage();
    await expect(answer).rejects.toMatchObject({
      error: { type: 'error', error: { type: 'api_error', code: 'upstream_invalid_response' } },
    });
  });
});
