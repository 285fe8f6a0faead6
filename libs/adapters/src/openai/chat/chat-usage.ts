import type { TokenUsage } from '@tollgate/domain';

const MAX_TOKENS = 1_000_000_000;

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function count(value: unknown): number | undefined {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_TOKENS
    ? (value as number)
    : undefined;
}

/** Reads the `usage` object of a chat completion; undefined when it has no usable totals. */
export function parseUsage(usage: unknown): TokenUsage | undefined {
  const inputTokens = count(field(usage, 'prompt_tokens'));
  const outputTokens = count(field(usage, 'completion_tokens'));
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const promptDetails = field(usage, 'prompt_tokens_details');
  const outputDetails = field(usage, 'completion_tokens_details');
  // The parts must not overlap, or their tokens would be billed twice: what is audio or written is not counted as read.
  const inputAudioTokens = Math.min(inputTokens, count(field(promptDetails, 'audio_tokens')) ?? 0);
  const cacheWriteTokens = Math.min(
    inputTokens - inputAudioTokens,
    count(field(promptDetails, 'cache_write_tokens')) ?? 0,
  );
  const cachedInputTokens = Math.min(
    inputTokens - inputAudioTokens - cacheWriteTokens,
    count(field(promptDetails, 'cached_tokens')) ?? 0,
  );
  return {
    inputTokens,
    cachedInputTokens,
    cacheWriteTokens,
    inputAudioTokens,
    outputTokens,
    outputAudioTokens: Math.min(outputTokens, count(field(outputDetails, 'audio_tokens')) ?? 0),
  };
}

function collectStrings(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (Array.isArray(value)) for (const item of value) collectStrings(item, into);
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) collectStrings(item, into);
}

/** The text that a plain answer or a stream chunk has in its choices, for counting when no usage was reported. */
export function generatedText(answer: unknown): string {
  const choices = field(answer, 'choices');
  if (!Array.isArray(choices)) return '';
  const texts: string[] = [];
  for (const choice of choices) {
    const message: unknown = field(choice, 'message') ?? field(choice, 'delta');
    collectStrings(
      [
        field(message, 'content'),
        field(message, 'refusal'),
        field(message, 'reasoning_content'),
        field(message, 'audio'),
      ],
      texts,
    );
    const calls = field(message, 'tool_calls');
    for (const call of Array.isArray(calls) ? calls : [])
      collectStrings(
        [field(field(call, 'function'), 'name'), field(field(call, 'function'), 'arguments')],
        texts,
      );
  }
  return texts.join('');
}
