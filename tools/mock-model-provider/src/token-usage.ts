/** Token counts of one call, for all its choices together. */
export interface TokenUsage {
  /** Prompt tokens, cached ones included on both wires. */
  readonly inputTokens: number;
  /** The part of `inputTokens` that came from the prompt cache. */
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
}
