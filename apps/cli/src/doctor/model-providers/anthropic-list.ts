import Anthropic from '@anthropic-ai/sdk';
import { CLIENT_OPTIONS, type ModelProviderAccess, type ModelProviderList } from './model-provider.js';

const PAGE_SIZE = 1000;

/** The models of an Anthropic key. */
export function anthropicList({ apiKey, baseUrl }: ModelProviderAccess): ModelProviderList {
  const client = new Anthropic({ ...CLIENT_OPTIONS, apiKey, baseURL: baseUrl });
  return {
    name: 'anthropic',
    keyVariable: 'ANTHROPIC_API_KEY',
    urlVariable: 'ANTHROPIC_BASE_URL',
    async *list(signal) {
      for await (const { id } of client.models.list({ limit: PAGE_SIZE }, { signal })) yield id;
    },
    retrieve: (model, signal) => client.models.retrieve(model, {}, { signal }),
  };
}
