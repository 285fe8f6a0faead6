import OpenAI from 'openai';
import { CLIENT_OPTIONS, type ModelProviderAccess, type ModelProviderList } from './model-provider.js';

/** The models of an OpenAI key, or of any endpoint of that wire. */
export function openaiList({ apiKey, baseUrl }: ModelProviderAccess): ModelProviderList {
  // Null: what the gateway does not send is not to be taken from the environment.
  const none = { organization: null, project: null, adminAPIKey: null, webhookSecret: null };
  const client = new OpenAI({ ...CLIENT_OPTIONS, ...none, apiKey, baseURL: baseUrl });
  return {
    name: 'openai',
    keyVariable: 'OPENAI_API_KEY',
    urlVariable: 'OPENAI_BASE_URL',
    async *list(signal) {
      for await (const { id } of client.models.list({ signal })) yield id;
    },
    retrieve: (model, signal) => client.models.retrieve(model, { signal }),
  };
}
