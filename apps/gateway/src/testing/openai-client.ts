import OpenAI, { type APIError, type ClientOptions } from 'openai';
import { apiKeyOf, type World } from './world.js';

/** The request that most tests make. */
export const ASK = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Plan the next step.' }],
};

/** The mock's prompt tokens for ASK: a quarter of the text, and 4 a message. */
export const PROMPT_TOKENS = 9;

/** The form of a request id. */
export const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The official client, with a tenant's key and no retries of its own. */
export function createClient(world: World, tenantId = 'acme', options: ClientOptions = {}): OpenAI {
  return new OpenAI({
    apiKey: apiKeyOf(tenantId),
    baseURL: `${world.gateways[0]?.url}/v1`,
    maxRetries: 0,
    ...options,
  });
}

/** What a call is refused with; throws when it is not refused. */
export function errorOf(call: Promise<unknown>): Promise<APIError> {
  return call.then(
    () => {
      throw new Error('the call was not refused');
    },
    (error: unknown) => error as APIError,
  );
}
