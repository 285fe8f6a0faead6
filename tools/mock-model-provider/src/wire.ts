/** The form of a request and its answer. */
export type Wire = 'openai' | 'anthropic' | 'embeddings';

/** The routes that are billed, with the form of their requests. */
export const MODEL_ROUTES: ReadonlyMap<string, Wire> = new Map([
  ['/v1/chat/completions', 'openai'],
  ['/v1/messages', 'anthropic'],
  ['/v1/embeddings', 'embeddings'],
]);

/** The manner in which a path's requests are answered; unknown paths are answered in OpenAI's. */
export function wireOfPath(path: string): 'openai' | 'anthropic' {
  return path.startsWith('/v1/messages') ? 'anthropic' : 'openai';
}
