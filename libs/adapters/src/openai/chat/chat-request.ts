import { TollgateError } from '@tollgate/domain';
import { z } from 'zod';
import type { ModelRequest } from '../../model-request.js';
import { checkBody } from '../../wire/check-body.js';
import { parseJsonObject } from '../../wire/json-object.js';

const MAX_CHOICES = 128;
const NO_HEADERS = {};

const optionalCount = z.int().min(1).max(1_000_000_000).nullish();

function isMessages(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item))
  );
}

// Only what Tollgate itself must understand; all else passes through untouched.
const schema = z.object({
  model: z.string().min(1).max(200),
  messages: z.custom<Record<string, unknown>[]>(isMessages, 'expected a list of messages'),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: optionalCount,
  max_completion_tokens: optionalCount,
  n: z.int().min(1).max(MAX_CHOICES).nullish(),
});

// Each of these has a price outside the token prices, so no bound would hold.
function refuseUnbounded(body: Readonly<Record<string, unknown>>): void {
  const refuse = (param: string): never => {
    throw new TollgateError(
      'parameter_not_supported',
      `${param} has a cost that cannot be bounded beforehand.`,
      { param },
    );
  };
  if (body['web_search_options'] != null) refuse('web_search_options');
  const tier = body['service_tier'];
  if (tier != null && tier !== 'auto' && tier !== 'default' && tier !== 'flex') refuse('service_tier');
}

/**
 * Reads a chat completion request.
 * @throws TollgateError `invalid_json`, `invalid_request` (`param` names the parameter) or `parameter_not_supported`
 */
export function parseChatRequest(bytes: Buffer): ModelRequest {
  const body = parseJsonObject(bytes);
  const parsed = checkBody(schema, body);
  refuseUnbounded(body);
  const {
    model,
    stream,
    stream_options: streamOptions,
    max_tokens: legacyCap,
    max_completion_tokens: cap,
    n,
  } = parsed;
  const caps = [cap, legacyCap].filter((value) => value != null);
  return {
    wire: 'chat',
    bytes,
    body,
    model,
    stream: stream ?? false,
    wantsUsage: streamOptions?.include_usage ?? false,
    outputCap: caps.length > 0 ? Math.max(...caps) : undefined,
    choices: n ?? 1,
    headers: NO_HEADERS,
  };
}
