/**
 * Tokens of one upstream call. `inputTokens` and `outputTokens` are totals; the other fields are the parts of
 * them that have a price of their own.
 */
export interface TokenUsage {
  /** The whole prompt, cached, cache-written and audio parts included. */
  readonly inputTokens: number;
  /** The part of the prompt that was read from the model provider's cache. */
  readonly cachedInputTokens: number;
  /** The part of the prompt that was written to the model provider's cache. */
  readonly cacheWriteTokens: number;
  /** The part of the prompt that is audio. */
  readonly inputAudioTokens: number;
  /** All that was generated, reasoning and audio included. */
  readonly outputTokens: number;
  /** The part of the output that is audio. */
  readonly outputAudioTokens: number;
}

/** No tokens at all: what a call costs that never reached a model. */
export const NO_TOKENS: TokenUsage = Object.freeze({
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  inputAudioTokens: 0,
  outputTokens: 0,
  outputAudioTokens: 0,
});

/** Text-only usage with every special part at zero. */
export function textUsage(inputTokens: number, outputTokens: number): TokenUsage {
  return { ...NO_TOKENS, inputTokens, outputTokens };
}
