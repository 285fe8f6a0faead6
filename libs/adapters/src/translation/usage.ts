import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';
import { z } from 'zod';

const tokens = z.int().min(0).nullish();

/** The usage of an Anthropic answer, or of a stream event that reports part of it. */
export const messagesUsage = z.object({
  input_tokens: tokens,
  cache_creation_input_tokens: tokens,
  cache_read_input_tokens: tokens,
  output_tokens: tokens,
  output_tokens_details: z.object({ thinking_tokens: tokens }).nullish(),
});

/** The usage of an OpenAI answer. */
export const chatUsage = z.object({
  prompt_tokens: tokens,
  completion_tokens: tokens,
  prompt_tokens_details: z.object({ cached_tokens: tokens, cache_write_tokens: tokens }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: tokens }).nullish(),
});

/** Anthropic counts what went through the cache apart from its input tokens, OpenAI within its prompt tokens. */
export function toChatUsage(usage: z.output<typeof messagesUsage>): OpenAI.CompletionUsage {
  const cached_tokens = usage.cache_read_input_tokens ?? 0;
  const cache_write_tokens = usage.cache_creation_input_tokens ?? 0;
  const prompt_tokens = (usage.input_tokens ?? 0) + cached_tokens + cache_write_tokens;
  const completion_tokens = usage.output_tokens ?? 0;
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: prompt_tokens + completion_tokens,
    prompt_tokens_details: { cached_tokens, cache_write_tokens },
    completion_tokens_details: { reasoning_tokens: usage.output_tokens_details?.thinking_tokens ?? 0 },
  };
}

/** The way back; a model provider that reported nothing used nothing as far as the client can know. */
export function toMessagesUsage(
  usage: z.output<typeof chatUsage> | null | undefined,
): Anthropic.MessageDeltaUsage & { input_tokens: number } {
  const cache_read_input_tokens = usage?.prompt_tokens_details?.cached_tokens ?? 0;
  const cache_creation_input_tokens = usage?.prompt_tokens_details?.cache_write_tokens ?? 0;
  const uncached = (usage?.prompt_tokens ?? 0) - cache_read_input_tokens - cache_creation_input_tokens;
  return {
    input_tokens: Math.max(0, uncached),
    cache_creation_input_tokens,
    cache_read_input_tokens,
    output_tokens: usage?.completion_tokens ?? 0,
    output_tokens_details: { thinking_tokens: usage?.completion_tokens_details?.reasoning_tokens ?? 0 },
    server_tool_use: null,
  };
}

/** The usage of a whole Anthropic message. */
export function toMessageUsage(usage: z.output<typeof chatUsage> | null | undefined): Anthropic.Usage {
  return {
    ...toMessagesUsage(usage),
    cache_creation: null,
    inference_geo: null,
    service_tier: null,
    speed: null,
  };
}
