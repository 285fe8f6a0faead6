import type { TokenUsage } from '@tollgate/domain';
import { z } from 'zod';

const count = z.int().min(0).max(1_000_000_000);
const usageSchema = z.object({
  input_tokens: count,
  cache_creation_input_tokens: count.nullish(),
  cache_read_input_tokens: count.nullish(),
  output_tokens: count,
});

/**
 * Reads the `usage` object of a message; undefined when it has no usable totals. Anthropic's `input_tokens` leaves out
 * what was read from the cache or written to it; ours has it all.
 */
export function parseMessagesUsage(usage: unknown): TokenUsage | undefined {
  const parsed = usageSchema.safeParse(usage);
  if (!parsed.success) return undefined;
  const { input_tokens: fresh, output_tokens: outputTokens } = parsed.data;
  const cachedInputTokens = parsed.data.cache_read_input_tokens ?? 0;
  const cacheWriteTokens = parsed.data.cache_creation_input_tokens ?? 0;
  return {
    inputTokens: fresh + cachedInputTokens + cacheWriteTokens,
    cachedInputTokens,
    cacheWriteTokens,
    inputAudioTokens: 0,
    outputTokens,
    outputAudioTokens: 0,
  };
}

const block = z.object({
  text: z.string().optional(),
  thinking: z.string().optional(),
  partial_json: z.string().optional(),
  name: z.string().optional(),
  input: z.unknown().optional(),
});

function blockText(value: unknown): string {
  const parsed = block.safeParse(value);
  if (!parsed.success) return '';
  const { text = '', thinking = '', partial_json: json = '', name = '', input } = parsed.data;
  return text + thinking + json + name + (input === undefined ? '' : JSON.stringify(input));
}

/** The text that a message or a stream event holds, for counting when no usage was reported. */
export function messagesText(answer: unknown): string {
  const { content, delta, content_block: started } = (answer ?? {}) as Record<string, unknown>;
  // A tool starts with an empty input in place of the one that its deltas bring.
  const added = delta ?? { ...(started as object | undefined), input: undefined };
  const blocks: unknown[] = Array.isArray(content) ? content : [added];
  return blocks.map(blockText).join('');
}
