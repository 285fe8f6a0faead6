import Anthropic, { type APIError, type ClientOptions } from '@anthropic-ai/sdk';
import { apiKeyOf, type World } from './world.js';

/** The Claude model that tests call. */
export const CLAUDE = 'claude-haiku-4-5';

/** The messages request that most tests make; the mock counts as many prompt tokens in it as in ASK. */
export const ASK_MESSAGES = {
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Plan the next step.' }],
};

/** Anthropic's official client, with a tenant's key and no retries of its own. */
export function createAnthropic(world: World, tenantId = 'acme', options: ClientOptions = {}): Anthropic {
  return new Anthropic({
    apiKey: apiKeyOf(tenantId),
    baseURL: world.gateways[0]?.url ?? '',
    maxRetries: 0,
    ...options,
  });
}

/** What a call is refused with; throws when it is not refused. */
export function anthropicErrorOf(call: Promise<unknown>): Promise<APIError> {
  return call.then(
    () => {
      throw new Error('the call was not refused');
    },
    (error: unknown) => error as APIError,
  );
}
