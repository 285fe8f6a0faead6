import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { completionToMessage } from './answer-to-messages.js';
import { messageToCompletion } from './answer-to-chat.js';
import { completion, message } from './testing/answers.js';
import { CREATED_AT_SECONDS } from './testing/exchange.js';
import { toChatUsage, toMessagesUsage } from './usage.js';

const toChat = (usage: object): unknown =>
  messageToCompletion(message([], { usage }), CREATED_AT_SECONDS).usage;
const toMessages = (usage: unknown): unknown => completionToMessage(completion({}, 'stop', { usage })).usage;

describe('the translation of usage', () => {
  it('counts what went through the cache as prompt for OpenAI clients', () => {
    const usage = {
      input_tokens: 100,
      cache_read_input_tokens: 2000,
      cache_creation_input_tokens: 300,
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 20 },
    };
    expect(toChat(usage)).toStrictEqual({
      prompt_tokens: 2400,
      completion_tokens: 50,
      total_tokens: 2450,
      prompt_tokens_details: { cached_tokens: 2000, cache_write_tokens: 300 },
      completion_tokens_details: { reasoning_tokens: 20 },
    });
  });

  it('counts what went through the cache apart for Anthropic clients', () => {
    const usage = {
      prompt_tokens: 2400,
      completion_tokens: 50,
      total_tokens: 2450,
      prompt_tokens_details: { cached_tokens: 2000, cache_write_tokens: 300, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 20 },
    };
    expect(toMessages(usage)).toStrictEqual({
      input_tokens: 100,
      cache_read_input_tokens: 2000,
      cache_creation_input_tokens: 300,
      cache_creation: null,
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 20 },
      server_tool_use: null,
      inference_geo: null,
      service_tier: null,
      speed: null,
    });
  });

  it('takes what is missing for nothing', () => {
    expect(toChat({ input_tokens: 3, output_tokens: 4, cache_read_input_tokens: null })).toMatchObject({
      prompt_tokens: 3,
      completion_tokens: 4,
      total_tokens: 7,
    });
    expect(toMessages({ prompt_tokens: 3, completion_tokens: 4 })).toMatchObject({
      input_tokens: 3,
      output_tokens: 4,
    });
    expect(toMessages(undefined)).toMatchObject({ input_tokens: 0, output_tokens: 0 });
  });

  it('never counts less than nothing when a model provider contradicts itself', () => {
    const usage = { prompt_tokens: 3, completion_tokens: 0, prompt_tokens_details: { cached_tokens: 9 } };
    expect(toMessages(usage)).toMatchObject({ input_tokens: 0, cache_read_input_tokens: 9 });
  });

  it.each([
    { input_tokens: -1, output_tokens: 1 },
    { input_tokens: '1', output_tokens: 1 },
    { input_tokens: 0.5, output_tokens: 1 },
  ])('refuses what is not a count: %j', (usage) => {
    expect(() => toChat(usage)).toThrow(expect.objectContaining({ code: 'upstream_invalid_response' }));
  });

  it('comes back as it went, whatever was cached', () => {
    const count = fc.nat({ max: 1_000_000 });
    fc.assert(
      fc.property(count, count, count, count, count, (input, read, written, output, thought) => {
        const usage = {
          input_tokens: input,
          cache_read_input_tokens: read,
          cache_creation_input_tokens: written,
          output_tokens: output,
          output_tokens_details: { thinking_tokens: thought },
          server_tool_use: null,
        };
        expect(toMessagesUsage(toChatUsage(usage))).toStrictEqual(usage);
      }),
    );
  });
});
