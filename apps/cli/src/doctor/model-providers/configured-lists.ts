import type { Settings } from '@tollgate/config';
import { anthropicList } from './anthropic-list.js';
import type { ModelProviderList } from './model-provider.js';
import { openaiList } from './openai-list.js';

/** The model providers that have a key; none when the stub answers for all. */
export function configuredLists({ env }: Settings): ModelProviderList[] {
  if (env.LLM_ADAPTER === 'stub') return [];
  // A line for each model provider.
  return [
    ...(env.OPENAI_API_KEY ? [openaiList({ apiKey: env.OPENAI_API_KEY, baseUrl: env.OPENAI_BASE_URL })] : []),
    ...(env.ANTHROPIC_API_KEY
      ? [anthropicList({ apiKey: env.ANTHROPIC_API_KEY, baseUrl: env.ANTHROPIC_BASE_URL })]
      : []),
  ];
}
