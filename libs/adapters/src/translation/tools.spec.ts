import { describe, expect, it } from '@jest/globals';
import { chatToMessages } from './chat-to-messages.js';
import { completionToMessage } from './answer-to-messages.js';
import { messagesToChat } from './messages-to-chat.js';
import { completion, completionOfClaude, message, messageOfGpt, textBlock } from './testing/answers.js';
import { itServesAnthropicClients, itServesOpenaiClients } from './testing/exchange.js';

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const weather = { name: 'weather', description: 'Tells the weather.' };
const call = (id: string, city: string): object => ({
  id,
  type: 'function',
  function: { name: 'weather', arguments: JSON.stringify({ city }) },
});
const use = (id: string, city: string): object => ({
  type: 'tool_use',
  id,
  name: 'weather',
  input: { city },
});
const ask = { role: 'user', content: 'Weather in Rome and Oslo?' };
const text = (value: string): object => ({ type: 'text', text: value });
const result = (id: string, more: object): object => ({ type: 'tool_result', tool_use_id: id, ...more });

describe('the translation of tools', () => {
  itServesOpenaiClients([
    {
      title: 'parallel calls and their results, over several turns',
      request: {
        model: 'm',
        tools: [{ type: 'function', function: { ...weather, parameters, strict: true } }],
        parallel_tool_calls: false,
        messages: [
          ask,
          { role: 'assistant', content: 'Let me see.', tool_calls: [call('c1', 'Rome'), call('c2', 'Oslo')] },
          { role: 'tool', tool_call_id: 'c1', name: 'weather', content: 'Sun' },
          { role: 'tool', tool_call_id: 'c2', content: [text('Snow'), text('and wind')] },
          { role: 'user', content: 'And Bonn?' },
        ],
      },
      upstreamRequest: {
        model: 'm',
        max_tokens: 4096,
        tools: [{ ...weather, input_schema: parameters, strict: true }],
        tool_choice: { type: 'auto', disable_parallel_tool_use: true },
        messages: [
          ask,
          { role: 'assistant', content: [text('Let me see.'), use('c1', 'Rome'), use('c2', 'Oslo')] },
          {
            role: 'user',
            content: [
              result('c1', { content: 'Sun' }),
              result('c2', { content: [text('Snow'), text('and wind')] }),
              text('And Bonn?'),
            ],
          },
        ],
      },
      upstreamAnswer: message([textBlock('One moment.'), use('c3', 'Bonn'), use('c4', 'Köln')], {
        stop_reason: 'tool_use',
      }),
      answer: completionOfClaude(
        { content: 'One moment.', tool_calls: [call('c3', 'Bonn'), call('c4', 'Köln')] },
        'tool_calls',
      ),
    },
    {
      title: 'a tool without parameters, a result without words and a call that must be made',
      request: {
        model: 'm',
        tools: [{ type: 'function', function: { name: 'now', strict: false } }],
        tool_choice: 'required',
        messages: [
          { role: 'user', content: 'Time?' },
          {
            role: 'assistant',
            content: '',
            tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'now', arguments: '' } }],
          },
          { role: 'tool', tool_call_id: 'c1', content: '' },
        ],
      },
      upstreamRequest: {
        model: 'm',
        max_tokens: 4096,
        tools: [{ name: 'now', input_schema: { type: 'object', properties: {} } }],
        tool_choice: { type: 'any' },
        messages: [
          { role: 'user', content: 'Time?' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'now', input: {} }] },
          { role: 'user', content: [result('c1', {})] },
        ],
      },
      upstreamAnswer: message([{ type: 'tool_use', id: 'c2', name: 'now', input: {} }], {
        stop_reason: 'tool_use',
      }),
      answer: completionOfClaude(
        { tool_calls: [{ id: 'c2', type: 'function', function: { name: 'now', arguments: '{}' } }] },
        'tool_calls',
      ),
    },
  ]);

  itServesAnthropicClients([
    {
      title: 'parallel calls and their results, over several turns',
      request: {
        model: 'm',
        max_tokens: 100,
        tools: [
          {
            type: 'custom',
            ...weather,
            input_schema: parameters,
            strict: true,
            cache_control: { type: 'ephemeral' },
          },
        ],
        tool_choice: { type: 'any', disable_parallel_tool_use: true },
        messages: [
          ask,
          {
            role: 'assistant',
            content: [
              text('Let me see.'),
              { ...use('c1', 'Rome'), caller: { type: 'direct' } },
              use('c2', 'Oslo'),
            ],
          },
          {
            role: 'user',
            content: [
              result('c1', { content: 'Sun', is_error: false }),
              result('c2', { content: [text('Snow'), text('and wind')] }),
              text('And Bonn?'),
            ],
          },
        ],
      },
      upstreamRequest: {
        model: 'm',
        max_completion_tokens: 100,
        tools: [{ type: 'function', function: { ...weather, parameters, strict: true } }],
        tool_choice: 'required',
        parallel_tool_calls: false,
        messages: [
          ask,
          { role: 'assistant', content: 'Let me see.', tool_calls: [call('c1', 'Rome'), call('c2', 'Oslo')] },
          { role: 'tool', tool_call_id: 'c1', content: 'Sun' },
          { role: 'tool', tool_call_id: 'c2', content: [text('Snow'), text('and wind')] },
          { role: 'user', content: 'And Bonn?' },
        ],
      },
      upstreamAnswer: completion({ tool_calls: [call('c3', 'Bonn'), call('c4', 'Köln')] }, 'tool_calls'),
      answer: messageOfGpt(
        [
          { ...use('c3', 'Bonn'), caller: { type: 'direct' } },
          { ...use('c4', 'Köln'), caller: { type: 'direct' } },
        ],
        { stop_reason: 'tool_use' },
      ),
    },
    {
      title: 'failed calls, results without words and results that are images',
      request: {
        model: 'm',
        max_tokens: 100,
        messages: [
          ask,
          { role: 'assistant', content: [use('c1', 'Rome'), use('c2', 'Oslo'), use('c3', 'Bonn')] },
          {
            role: 'user',
            content: [
              result('c1', { content: 'No such city', is_error: true }),
              result('c2', { is_error: true }),
              result('c3', {
                content: [
                  text('A map'),
                  { type: 'image', source: { type: 'url', url: 'https://x.test/map.png' } },
                ],
              }),
            ],
          },
        ],
      },
      upstreamRequest: {
        model: 'm',
        max_completion_tokens: 100,
        messages: [
          ask,
          {
            role: 'assistant',
            content: null,
            tool_calls: [call('c1', 'Rome'), call('c2', 'Oslo'), call('c3', 'Bonn')],
          },
          { role: 'tool', tool_call_id: 'c1', content: 'Error: No such city' },
          { role: 'tool', tool_call_id: 'c2', content: 'Error: ' },
          { role: 'tool', tool_call_id: 'c3', content: 'A map' },
          {
            role: 'user',
            content: [
              text('Result of tool call c3:'),
              { type: 'image_url', image_url: { url: 'https://x.test/map.png' } },
            ],
          },
        ],
      },
      // OpenAI finishes a call that was forced by name with `stop`.
      upstreamAnswer: completion({ content: 'I look.', tool_calls: [call('c4', 'Rome')] }, 'stop'),
      answer: messageOfGpt([textBlock('I look.'), { ...use('c4', 'Rome'), caller: { type: 'direct' } }], {
        stop_reason: 'tool_use',
      }),
    },
  ]);

  const tools = [{ type: 'function', function: { name: 'weather', parameters } }];
  const messagesTools = [{ name: 'weather', input_schema: parameters }];
  const named = { type: 'function', function: { name: 'weather' } };

  it.each<[object, object]>([
    [{}, {}],
    [{ tool_choice: 'none' }, { tool_choice: { type: 'none' } }],
    [{ tool_choice: 'required' }, { tool_choice: { type: 'any' } }],
    [{ tool_choice: named }, { tool_choice: { type: 'tool', name: 'weather' } }],
    [{ parallel_tool_calls: false }, { tool_choice: { type: 'auto', disable_parallel_tool_use: true } }],
    [
      { tool_choice: named, parallel_tool_calls: false },
      { tool_choice: { type: 'tool', name: 'weather', disable_parallel_tool_use: true } },
    ],
  ])('says %j as %j, and back', (chat, messages) => {
    expect(chatToMessages({ model: 'm', messages: [ask], tools, ...chat }, 9)).toStrictEqual({
      model: 'm',
      max_tokens: 9,
      messages: [ask],
      tools: messagesTools,
      ...messages,
    });
    expect(
      messagesToChat({ model: 'm', max_tokens: 9, messages: [ask], tools: messagesTools, ...messages }),
    ).toStrictEqual({ model: 'm', max_completion_tokens: 9, messages: [ask], tools, ...chat });
  });

  it('leaves a forced choice without tools to the refusal of the model provider', () => {
    expect(chatToMessages({ model: 'm', messages: [ask], tool_choice: 'required' }, 9)).toHaveProperty(
      'tool_choice',
      { type: 'any' },
    );
    expect(
      messagesToChat({ model: 'm', max_tokens: 9, messages: [ask], tool_choice: { type: 'any' } }),
    ).toHaveProperty('tool_choice', 'required');
  });

  it('leaves out a call that the output cap cut in two, and refuses one that is broken', () => {
    const broken = { id: 'c2', type: 'function', function: { name: 'weather', arguments: '{"city":"Ro' } };
    const said = { tool_calls: [call('c1', 'Rome'), broken] };
    expect(completionToMessage(completion(said, 'length'))).toStrictEqual(
      messageOfGpt([{ ...use('c1', 'Rome'), caller: { type: 'direct' } }], { stop_reason: 'max_tokens' }),
    );
    expect(() => completionToMessage(completion(said, 'tool_calls'))).toThrow(
      expect.objectContaining({ code: 'upstream_invalid_response' }),
    );
  });
});
