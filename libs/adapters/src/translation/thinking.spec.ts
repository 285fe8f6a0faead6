import { describe, expect, it } from '@jest/globals';
import { chatToMessages } from './chat-to-messages.js';
import { messagesToChat } from './messages-to-chat.js';
import { completion, completionOfClaude, message, messageOfGpt, textBlock } from './testing/answers.js';
import { itServesAnthropicClients, itServesOpenaiClients } from './testing/exchange.js';

const messages = [{ role: 'user', content: 'Why?' }];
const thought = { type: 'thinking', thinking: '', signature: 'c2ln' };
const redacted = { type: 'redacted_thinking', data: 'eHh4' };
const call = { type: 'function', id: 'c1', function: { name: 'look', arguments: '{}' } };
const use = { type: 'tool_use', id: 'c1', name: 'look', input: {} };
const refusal = (param: string): object =>
  expect.objectContaining({ code: 'parameter_not_translatable', param });

describe('the translation of thinking', () => {
  itServesOpenaiClients([
    {
      title: 'what a model thought before it called a tool, given out and sent back',
      request: {
        model: 'claude-sonnet-4-6',
        reasoning_effort: 'high',
        messages: [
          ...messages,
          {
            role: 'assistant',
            content: null,
            tool_calls: [call],
            thinking_blocks: [{ index: 0, ...thought }, redacted],
          },
          { role: 'tool', tool_call_id: 'c1', content: 'Nothing' },
        ],
      },
      upstreamRequest: {
        model: 'claude-sonnet-4-6',
        max_tokens: 4096,
        thinking: { type: 'adaptive', display: 'omitted' },
        output_config: { effort: 'high' },
        messages: [
          ...messages,
          { role: 'assistant', content: [thought, redacted, use] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'Nothing' }] },
        ],
      },
      upstreamAnswer: message([thought, redacted, textBlock('Because.')]),
      answer: completionOfClaude({ content: 'Because.', thinking_blocks: [thought, redacted] }),
    },
  ]);

  itServesAnthropicClients([
    {
      title: 'thoughts of another model, which no other can read',
      request: {
        model: 'm',
        max_tokens: 9,
        messages: [
          ...messages,
          { role: 'assistant', content: [thought, redacted, { type: 'text', text: 'Because.' }] },
          { role: 'user', content: 'Really?' },
        ],
      },
      upstreamRequest: {
        model: 'm',
        max_completion_tokens: 9,
        messages: [
          ...messages,
          { role: 'assistant', content: 'Because.' },
          { role: 'user', content: 'Really?' },
        ],
      },
      upstreamAnswer: completion({ content: 'Yes.', reasoning_content: 'Let me think.' }),
      answer: messageOfGpt([
        { type: 'thinking', thinking: 'Let me think.', signature: '' },
        textBlock('Yes.'),
      ]),
    },
  ]);

  const adaptive = { type: 'adaptive', display: 'omitted' };
  const budget = (tokens: number): object => ({ type: 'enabled', budget_tokens: tokens, display: 'omitted' });

  it.each<[string, string, object]>([
    ['claude-opus-4-6', 'max', { thinking: adaptive, output_config: { effort: 'max' } }],
    ['claude-opus-4-10', 'low', { thinking: adaptive, output_config: { effort: 'low' } }],
    ['claude-fable-5-1', 'xhigh', { thinking: adaptive, output_config: { effort: 'xhigh' } }],
    ['claude-next', 'medium', { thinking: adaptive, output_config: { effort: 'medium' } }],
    ['claude-opus-5', 'none', { thinking: { type: 'disabled' } }],
    ['claude-sonnet-4-20250514', 'none', { thinking: { type: 'disabled' } }],
    ['claude-sonnet-4-20250514', 'low', { thinking: budget(2000) }],
    ['claude-haiku-4-5-20251001', 'medium', { thinking: budget(5000) }],
    ['claude-3-7-sonnet-20250219', 'high', { thinking: budget(8000) }],
  ])('asks %s with effort %s by %j', (model, reasoning_effort, more) => {
    expect(chatToMessages({ model, messages, reasoning_effort }, 10_000)).toStrictEqual({
      model,
      messages,
      max_tokens: 10_000,
      ...more,
    });
  });

  it.each<[string, string, number]>([
    ['claude-opus-5', 'minimal', 9000],
    ['claude-sonnet-4-20250514', 'xhigh', 9000],
    ['claude-sonnet-4-20250514', 'low', 1024],
  ])('refuses %s the effort %s with %d output tokens', (model, reasoning_effort, outputCap) => {
    expect(() => chatToMessages({ model, messages, reasoning_effort }, outputCap)).toThrow(
      refusal('reasoning_effort'),
    );
  });

  it('keeps a small budget above what Anthropic demands', () => {
    const request = chatToMessages({ model: 'claude-sonnet-4-5', messages, reasoning_effort: 'low' }, 1025);
    expect(request.thinking).toEqual(budget(1024));
  });

  it.each<[object, object]>([
    [{ thinking: { type: 'disabled' } }, { reasoning_effort: 'none' }],
    [{ thinking: { type: 'adaptive' } }, {}],
    [{ thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } }, { reasoning_effort: 'xhigh' }],
    [{ output_config: { effort: 'low' } }, { reasoning_effort: 'low' }],
    [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, { reasoning_effort: 'low' }],
    [{ thinking: { type: 'enabled', budget_tokens: 5000 } }, { reasoning_effort: 'medium' }],
    [{ thinking: { type: 'enabled', budget_tokens: 9000 } }, { reasoning_effort: 'high' }],
    [
      { thinking: { type: 'enabled', budget_tokens: 9000 }, output_config: { effort: 'low' } },
      { reasoning_effort: 'low' },
    ],
  ])('says %j as %j', (thinking, effort) => {
    expect(messagesToChat({ model: 'm', max_tokens: 10_000, messages, ...thinking })).toStrictEqual({
      model: 'm',
      max_completion_tokens: 10_000,
      messages,
      ...effort,
    });
  });

  it.each<[string, object]>([
    ['thinking', { thinking: { type: 'between_tools' } }],
    ['thinking.display', { thinking: { type: 'adaptive', display: 'summarized' } }],
    ['output_config.effort', { thinking: { type: 'disabled' }, output_config: { effort: 'low' } }],
  ])('refuses by the name %s: %j', (param, more) => {
    expect(() => messagesToChat({ model: 'm', max_tokens: 9, messages, ...more })).toThrow(refusal(param));
  });
});
