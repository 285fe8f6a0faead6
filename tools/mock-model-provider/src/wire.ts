/** A provider's HTTP protocol. */
export type Wire = 'openai' | 'anthropic';

/** The wire a path belongs to; unknown paths are answered in OpenAI's manner. */
export function wireOfPath(path: string): Wire {
  return path.startsWith('/v1/messages') ? 'anthropic' : 'openai';
}
