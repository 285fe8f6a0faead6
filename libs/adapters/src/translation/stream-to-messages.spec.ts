import { describe, expect, it } from '@jest/globals';
import { CHAT_USAGE, MESSAGES_USAGE, messageOfGpt } from './testing/answers.js';
import { block, chatEvents, DONE, messageEnd, textEvents, translateStream } from './testing/events.js';
import { CREATED_AT_SECONDS } from './testing/exchange.js';
import { ChatToMessagesStream } from './stream-to-messages.js';

type Json = Record<string, unknown>;

const HEAD = {
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: CREATED_AT_SECONDS,
  model: 'gpt-4o-mini',
};
const delta = (of: object, finish_reason: string | null = null): Json => ({
  ...HEAD,
  choices: [{ index: 0, delta: of, logprobs: null, finish_reason }],
  usage: null,
});
const role = delta({ role: 'assistant', content: '', refusal: null });
const usageChunk = { ...HEAD, choices: [], usage: CHAT_USAGE };
const call = (index: number, id: string, text = ''): object => ({
  index,
  id,
  type: 'function',
  function: { name: 'look', arguments: text },
});
const more = (index: number, text: string): object => ({ index, function: { arguments: text } });
const calls = (...of: object[]): Json => delta({ tool_calls: of });

const NO_TOKENS = { ...MESSAGES_USAGE, input_tokens: 0, output_tokens: 0 };
const start: Json = {
  type: 'message_start',
  message: messageOfGpt([], {
    stop_reason: null,
    usage: { ...NO_TOKENS, cache_creation: null, inference_geo: null, service_tier: null, speed: null },
  }),
};
const toolUse = (id: string): object => ({
  type: 'tool_use',
  id,
  name: 'look',
  input: {},
  caller: { type: 'direct' },
});
const json = (partial_json: string): object => ({ type: 'input_json_delta', partial_json });

/** Anthropic's events, each of which is named twice. */
function parseEvents(bytes: string): Json[] {
  expect(bytes.endsWith('\n\n')).toBe(true);
  return bytes
    .slice(0, -2)
    .split('\n\n')
    .map((event) => {
      const [, name, data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
      const parsed = JSON.parse(data) as Json;
      expect(parsed['type']).toBe(name);
      return parsed;
    });
}

const translated = (...parts: string[]): Json[] =>
  parseEvents(translateStream(new ChatToMessagesStream(), parts.join('')));

describe('the translation of OpenAI chunks into an Anthropic stream', () => {
  it('passes text on piece by piece, and ends with the usage', () => {
    const stream = new ChatToMessagesStream();
    const chunks = chatEvents(
      role,
      delta({ content: 'Hel' }),
      delta({ content: 'lo' }),
      delta({}, 'stop'),
      usageChunk,
    );
    expect(parseEvents(translateStream(stream, `: hello\n\n${chunks}${DONE}`))).toStrictEqual([
      start,
      ...textEvents(0, 'Hel', 'lo'),
      ...messageEnd('end_turn'),
    ]);
    expect(stream.state).toBe('done');
  });

  it('starts with the first choice, whatever is said of the prompt before', () => {
    const filter = { id: '', model: '', object: '', choices: [], prompt_filter_results: [] };
    expect(translated(chatEvents(filter, role, delta({}, 'content_filter')), DONE)).toStrictEqual([
      start,
      ...messageEnd('refusal', NO_TOKENS, {
        stop_details: { type: 'refusal', category: null, explanation: null },
      }),
    ]);
  });

  it('writes one block after the other: thoughts, text and parallel tool calls', () => {
    const chunks = chatEvents(
      delta({ role: 'assistant', reasoning_content: 'Hm' }),
      delta({ reasoning_content: '.' }),
      delta({ content: 'I look.' }),
      calls(call(0, 'c1')),
      calls(more(0, '{"a"')),
      calls(more(0, ':1}'), call(1, 'c2', '{}')),
      delta({}, 'tool_calls'),
      usageChunk,
    );
    const thoughts = ['Hm', '.'].map((thinking) => ({ type: 'thinking_delta', thinking }));
    expect(translated(chunks, DONE)).toStrictEqual([
      start,
      ...block(0, { type: 'thinking', thinking: '', signature: '' }, ...thoughts),
      ...textEvents(1, 'I look.'),
      ...block(2, toolUse('c1'), json('{"a"'), json(':1}')),
      ...block(3, toolUse('c2'), json('{}')),
      ...messageEnd('tool_use'),
    ]);
  });

  it('tells calls apart by their ids where the model provider gives all the same index, or none', () => {
    const chunks = chatEvents(
      calls(call(0, 'c1', '{}')),
      calls({ ...call(0, 'c2'), index: null }),
      calls(more(0, '{}')),
    );
    expect(translated(chunks, DONE)).toStrictEqual([
      start,
      ...block(0, toolUse('c1'), json('{}')),
      ...block(1, toolUse('c2'), json('{}')),
      ...messageEnd('tool_use', NO_TOKENS),
    ]);
  });

  it('takes the words of a refusal for text and says that it is one', () => {
    const chunks = chatEvents(
      delta({ refusal: 'I ' }),
      delta({ refusal: 'cannot.' }),
      delta({}, 'stop'),
      usageChunk,
    );
    expect(translated(chunks, DONE)).toStrictEqual([
      start,
      ...textEvents(0, 'I ', 'cannot.'),
      ...messageEnd('refusal', MESSAGES_USAGE, {
        stop_details: { type: 'refusal', category: null, explanation: null },
      }),
    ]);
  });

  it('ends with an error event when the model provider sends one, and leaves out what follows', () => {
    const error = {
      error: { message: 'Too many', type: 'tokens', code: 'rate_limit_exceeded', param: null },
    };
    expect(translated(chatEvents(role, error, delta({ content: 'x' })), DONE)).toStrictEqual([
      start,
      {
        type: 'error',
        error: { type: 'rate_limit_error', message: 'Too many', code: 'rate_limit_exceeded' },
        request_id: null,
      },
    ]);
  });

  it('never lets a stream that was cut short look finished', () => {
    const whole = [role, delta({ content: 'Hi' }), delta({}, 'stop'), usageChunk];
    for (let length = 0; length <= whole.length; length += 1) {
      const stream = new ChatToMessagesStream();
      const got = translateStream(stream, chatEvents(...whole.slice(0, length)));
      expect(got).toMatch(/event: error\ndata: .*"code":"upstream_invalid_response".*\n\n$/);
      expect(got).not.toMatch(/message_delta|message_stop/);
      expect(stream.state).toBe('failed');
    }
  });

  it.each([
    ['no JSON', 'data: {"secret":\n\n'],
    ['an end without a beginning', DONE],
    ['a tool call without an id', chatEvents(calls(more(0, 'secret')))],
    ['more of a call that is closed', chatEvents(calls(call(0, 'c1'), call(1, 'c2'), more(0, 'secret')))],
    ['words that are none', chatEvents(delta({ content: { secret: 1 } }))],
  ])('refuses %s without quoting it', (_, events) => {
    expect(() => new ChatToMessagesStream().feed(Buffer.from(events))).toThrow(
      expect.objectContaining({
        code: 'upstream_invalid_response',
        message: 'The model provider sent something that cannot be translated.',
      }),
    );
  });
});
