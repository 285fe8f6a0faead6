import type { TokenUsage } from '@tollgate/domain';
import { z } from 'zod';

const count = z.int().min(0).max(1_000_000_000);
const usageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  input_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
});

/** Reads the `usage` object of a response; undefined when it has no usable totals. */
export function parseResponsesUsage(usage: unknown): TokenUsage | undefined {
  const parsed = usageSchema.safeParse(usage);
  if (!parsed.success) return undefined;
  const {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    input_tokens_details: details,
  } = parsed.data;
  return {
    inputTokens,
    cachedInputTokens: Math.min(inputTokens, details?.cached_tokens ?? 0),
    cacheWriteTokens: 0,
    inputAudioTokens: 0,
    outputTokens,
    outputAudioTokens: 0,
  };
}

function collect(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (Array.isArray(value)) for (const part of value) collect(part, into);
  else if (typeof value === 'object' && value !== null) {
    const {
      text,
      refusal,
      arguments: args,
      input,
      name,
      content,
      summary,
    } = value as Record<string, unknown>;
    collect([text, refusal, args, input, name, content, summary], into);
  }
}

/** The text that a response's output or a stream's delta holds, for counting when no usage was reported. */
export function responsesText(answer: unknown): string {
  const { output, delta } = (answer ?? {}) as { output?: unknown; delta?: unknown };
  const texts: string[] = [];
  collect([output, delta], texts);
  return texts.join('');
}
