// From the model providers' own model pages; genai-prices has no such figure. The longest prefix wins.
const MAX_OUTPUT_TOKENS: readonly (readonly [prefix: string, tokens: number])[] = [
  ['gpt-3.5', 4096],
  ['gpt-4', 8192],
  ['gpt-4-turbo', 4096],
  ['gpt-4-0125', 4096],
  ['gpt-4-1106', 4096],
  ['gpt-4-vision', 4096],
  ['gpt-4.1', 32_768],
  ['gpt-4o', 16_384],
  ['gpt-4o-2024-05-13', 4096],
  ['chatgpt-4o', 16_384],
  ['gpt-5', 128_000],
  ['gpt-5-chat', 16_384],
  ['gpt-6', 128_000],
  ['o1', 100_000],
  ['o1-preview', 32_768],
  ['o1-mini', 65_536],
  ['o3', 100_000],
  ['o4', 100_000],
];

/** The most tokens one choice of a model can have; undefined when unknown. */
export function findMaxOutputTokens(model: string): number | undefined {
  const matches = MAX_OUTPUT_TOKENS.filter(([prefix]) => model.startsWith(prefix));
  return matches.sort(([a], [b]) => b.length - a.length)[0]?.[1];
}
