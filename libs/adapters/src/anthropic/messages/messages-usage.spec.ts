import { describe, expect, it } from '@jest/globals';
import { NO_TOKENS } from '@tollgate/domain';
import { messagesText, parseMessagesUsage } from './messages-usage.js';

describe('parseMessagesUsage', () => {
  it('adds what was read from the cache and written to it to the input, of which Anthropic leaves it out', () => {
    expect(
      parseMessagesUsage({
        input_tokens: 10,
        cache_read_input_tokens: 300,
        cache_creation_input_tokens: 20,
        cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 0 },
        output_tokens: 5,
        service_tier: 'standard',
      }),
    ).toEqual({
      ...NO_TOKENS,
      inputTokens: 330,
      cachedInputTokens: 300,
      cacheWriteTokens: 20,
      outputTokens: 5,
    });
  });

  it('takes missing and null cache counts for none', () => {
    const nulls = { cache_read_input_tokens: null, cache_creation_input_tokens: null };
    for (const cache of [{}, nulls])
      expect(parseMessagesUsage({ input_tokens: 1, output_tokens: 2, ...cache })).toEqual({
        ...NO_TOKENS,
        inputTokens: 1,
        outputTokens: 2,
      });
  });

  it.each([
    undefined,
    null,
    'usage',
    [],
    {},
    { input_tokens: 1 },
    { output_tokens: 1 },
    { input_tokens: -1, output_tokens: 1 },
    { input_tokens: 1, output_tokens: 1.5 },
    { input_tokens: '1', output_tokens: 1 },
    { input_tokens: 1, output_tokens: 1_000_000_001 },
    { input_tokens: 1, output_tokens: 1, cache_read_input_tokens: -1 },
  ])('has none where the counts are not usable: %j', (usage) => {
    expect(parseMessagesUsage(usage)).toBeUndefined();
  });
});

describe('messagesText', () => {
  it('is all that a message generated: text, thinking, and tools with their input', () => {
    const content = [
      { type: 'thinking', thinking: 'Why ', signature: 'c2ln' },
      { type: 'text', text: 'Hi ' },
      { type: 'tool_use', id: 'toolu_1', name: 'look', input: { a: 1 } },
    ];
    expect(messagesText({ content })).toBe('Why Hi look{"a":1}');
  });

  it.each([
    [{ type: 'content_block_delta', delta: { type: 'text_delta', text: 'word' } }, 'word'],
    [{ type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'why' } }, 'why'],
    [{ type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: '{"' } }, '{"'],
    [{ type: 'content_block_start', content_block: { type: 'text', text: '' } }, ''],
    [{ type: 'content_block_start', content_block: { type: 'tool_use', name: 'look', input: {} } }, 'look'],
    [{ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } }, ''],
    [{ type: 'message_start', message: { content: [] } }, ''],
  ])('is what an event adds: %j', (event, text) => {
    expect(messagesText(event)).toBe(text);
  });

  it.each([undefined, null, 5, {}, { content: {} }, { content: [null, 5, { text: 7 }] }])(
    'is empty where there is none: %j',
    (answer) => {
      expect(messagesText(answer)).toBe('');
    },
  );
});
