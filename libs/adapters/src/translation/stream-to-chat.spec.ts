import { describe, expect, it } from '@jest/globals';
import { MESSAGES_USAGE } from './testing/answers.js';
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
import { CREATED_AT_SECONDS } from './testing/exchange.js';
import { MessagesToChatStream } from './stream-to-chat.js';

const open = (includesUsage = false): MessagesToChatStream =>
  new MessagesToChatStream({ createdAtSeconds: CREATED_AT_SECONDS, includesUsage });

const HEAD = {
  id: 'msg_1',
  object: 'chat.completion.chunk',
  created: CREATED_AT_SECONDS,
  model: 'claude-sonnet-4-6',
};
const delta = (of: object, finish_reason: string | null = null): Record<string, unknown> => ({
  ...HEAD,
  choices: [{ index: 0, delta: of, finish_reason }],
});
const role = delta({ role: 'assistant', content: '' });
const call = (index: number, of: object): Record<string, unknown> =>
  delta({ tool_calls: [{ index, ...of }] });
const thinking = (of: object): Record<string, unknown> => delta({ thinking_blocks: [of] });
const toolUse = (id: string): object => ({
  type: 'tool_use',
  id,
  name: 'look',
  input: {},
  caller: { type: 'direct' },
});
const json = (partial_json: string): object => ({ type: 'input_json_delta', partial_json });
const calls = (index: number, id: string): Record<string, unknown> =>
  call(index, { id, type: 'function', function: { name: 'look', arguments: '' } });
const args = (index: number, text: string): Record<string, unknown> =>
  call(index, { function: { arguments: text } });

describe('the translation of an Anthropic stream into OpenAI chunks', () => {
  it('passes text on piece by piece, and neither pings nor comments', () => {
    const events =
      ': a comment\n\n' +
      messagesEvents(messageStart(), { type: 'ping' }, ...textEvents(0, 'Hel', '', 'lo'), { type: 'ping' }) +
      messagesEvents({ type: 'an_event_of_the_future' }, ...textEvents(1, '!'), ...messageEnd('end_turn'));
    const stream = open();
    expect(translateStream(stream, events)).toBe(
      chatEvents(role, delta({ content: 'Hel' }), delta({ content: 'lo' }), delta({ content: '!' })) +
        chatEvents(delta({}, 'stop')) +
        DONE,
    );
    expect(stream.state).toBe('done');
  });

  it('reports the usage only to clients that ask, the start’s part of it included', () => {
    const start = messageStart({
      usage: {
        input_tokens: 3,
        cache_read_input_tokens: 20,
        cache_creation_input_tokens: 100,
        output_tokens: 1,
      },
    });
    const usage = { input_tokens: null, cache_read_input_tokens: null, output_tokens: 7 };
    const events = messagesEvents(start, ...messageEnd('max_tokens', usage));
    expect(translateStream(open(true), events)).toBe(
      chatEvents({ ...role, usage: null }, { ...delta({}, 'length'), usage: null }) +
        chatEvents({
          ...HEAD,
          choices: [],
          usage: {
            prompt_tokens: 123,
            completion_tokens: 7,
            total_tokens: 130,
            prompt_tokens_details: { cached_tokens: 20, cache_write_tokens: 100 },
            completion_tokens_details: { reasoning_tokens: 0 },
          },
        }) +
        DONE,
    );
    expect(translateStream(open(), events)).toBe(chatEvents(role, delta({}, 'length')) + DONE);
  });

  it('numbers parallel tool calls, and gives a call without arguments empty ones', () => {
    const events = messagesEvents(
      messageStart(),
      ...textEvents(0, 'I look.'),
      ...block(1, toolUse('c1'), json(''), json('{"a"'), json(':1}')),
      ...block(2, toolUse('c2'), json('')),
      ...messageEnd('tool_use'),
    );
    expect(translateStream(open(), events)).toBe(
      chatEvents(
        role,
        delta({ content: 'I look.' }),
        calls(0, 'c1'),
        args(0, '{"a"'),
        args(0, ':1}'),
        calls(1, 'c2'),
        args(1, '{}'),
        delta({}, 'tool_calls'),
      ) + DONE,
    );
  });

  it('gives out thinking blocks, so that the client can send them back', () => {
    const empty = { type: 'thinking', thinking: '', signature: '' };
    const events = messagesEvents(
      messageStart(),
      ...block(0, empty, { type: 'signature_delta', signature: 'c2ln' }),
      ...block(1, { type: 'redacted_thinking', data: 'eHh4' }),
      ...block(
        2,
        empty,
        { type: 'thinking_delta', thinking: 'Hm' },
        { type: 'signature_delta', signature: 'bg==' },
      ),
      ...messageEnd('end_turn'),
    );
    expect(translateStream(open(), events)).toBe(
      chatEvents(
        role,
        thinking({ index: 0, type: 'thinking', thinking: '', signature: 'c2ln' }),
        thinking({ index: 1, type: 'redacted_thinking', data: 'eHh4' }),
        thinking({ index: 2, type: 'thinking', thinking: 'Hm' }),
        thinking({ index: 2, type: 'thinking', thinking: '', signature: 'bg==' }),
        delta({}, 'stop'),
      ) + DONE,
    );
  });

  it('says why the model refused', () => {
    const stop_details = { type: 'refusal', category: 'bio', explanation: 'Not that.' };
    const events = messagesEvents(messageStart(), ...messageEnd('refusal', MESSAGES_USAGE, { stop_details }));
    expect(translateStream(open(), events)).toBe(
      chatEvents(role, delta({ refusal: 'Not that.' }), delta({}, 'content_filter')) + DONE,
    );
  });

  it('ends with an error event when the model provider sends one, and leaves out what follows', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const stream = open();
    const events = messagesEvents(messageStart(), error, ...messageEnd('end_turn'));
    expect(translateStream(stream, events)).toBe(
      chatEvents(role, {
        error: { message: 'Overloaded', type: 'api_error', param: null, code: 'upstream_error' },
      }),
    );
    expect(stream.state).toBe('failed');
  });

  it('never lets a stream that was cut short look finished', () => {
    const whole = [messageStart(), ...textEvents(0, 'Hi'), ...messageEnd('end_turn')];
    const cut = {
      error: {
        message: 'The model provider cut the stream short.',
        type: 'api_error',
        param: null,
        code: 'upstream_invalid_response',
      },
    };
    for (let length = 0; length < whole.length; length += 1) {
      const stream = open(true);
      const got = translateStream(stream, messagesEvents(...whole.slice(0, length)));
      expect(got.endsWith(chatEvents(cut))).toBe(true);
      expect(got).not.toMatch(/\[DONE\]|"finish_reason":"/);
      expect(stream.state).toBe('failed');
    }
  });

  it.each([
    ['no JSON', 'data: {"secret":\n\n'],
    ['no event', 'data: []\n\n'],
    ['words before the start', messagesEvents(...textEvents(0, 'secret'))],
    [
      'a tool call without a name',
      messagesEvents(messageStart(), ...block(0, { type: 'tool_use', id: 'secret' })),
    ],
    [
      'a text that is none',
      messagesEvents(messageStart(), ...block(0, { type: 'text', text: '' }, { type: 'text_delta' })),
    ],
  ])('refuses %s without quoting it', (_, events) => {
    expect(() => open().feed(Buffer.from(events))).toThrow(
      expect.objectContaining({
        code: 'upstream_invalid_response',
        message: 'The model provider sent something that cannot be translated.',
      }),
    );
  });
});
