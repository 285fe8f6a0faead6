import { TollgateError } from '@tollgate/domain';
import { z } from 'zod';
import type { ModelRequest } from '../../model-request.js';
import { checkBody } from '../../wire/check-body.js';
import { parseJsonObject } from '../../wire/json-object.js';

const NO_HEADERS = {};
/** The client runs these itself; all others are run by OpenAI, for a fee or with input of any length. */
const CLIENT_TOOLS = new Set(['function', 'custom']);
/** Each would reach what is stored at OpenAI under the gateway's key, where tenants are not told apart. */
const STORED = ['previous_response_id', 'conversation', 'prompt'];

const item = z.record(z.string(), z.unknown());

// Only what Tollgate itself must understand; all else passes through untouched.
const schema = z.object({
  model: z.string().min(1).max(200),
  input: z.union([z.string().min(1), z.array(item).min(1)], { error: 'expected a text or a list of items' }),
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  background: z.boolean().nullish(),
  max_output_tokens: z.int().min(1).max(1_000_000_000).nullish(),
  tools: z.array(item).nullish(),
});

function refuse(param: string, why: string): never {
  throw new TollgateError('parameter_not_supported', `${param} ${why}.`, { param });
}

function refuseUnsupported(
  body: Readonly<Record<string, unknown>>,
  { input, store, background, tools }: z.output<typeof schema>,
): void {
  for (const name of STORED)
    if (body[name] != null) refuse(name, 'would reach what is stored for all tenants alike');
  if (store) refuse('store', 'would keep the response where all tenants could reach it');
  if (background) refuse('background', 'needs a stored response');
  const tier = body['service_tier'];
  if (tier != null && tier !== 'auto' && tier !== 'default' && tier !== 'flex')
    refuse('service_tier', 'has a cost that cannot be bounded beforehand');
  tools?.forEach(({ type }, index) => {
    if (typeof type !== 'string' || !CLIENT_TOOLS.has(type))
      refuse(`tools.${index}`, 'has a cost that cannot be bounded beforehand');
  });
  if (typeof input === 'string') return;
  input.forEach(({ type }, index) => {
    if (type === 'item_reference')
      refuse(`input.${index}`, 'would reach what is stored for all tenants alike');
  });
}

/**
 * Reads a request for an OpenAI response. Responses are never stored: OpenAI would keep those of all tenants together.
 * @throws TollgateError `invalid_json`, `invalid_request` or `parameter_not_supported`
 */
export function parseResponsesRequest(bytes: Buffer): ModelRequest {
  const body = parseJsonObject(bytes);
  const parsed = checkBody(schema, body);
  refuseUnsupported(body, parsed);
  return {
    wire: 'responses',
    bytes,
    body,
    model: parsed.model,
    stream: parsed.stream ?? false,
    wantsUsage: true,
    outputCap: parsed.max_output_tokens ?? undefined,
    choices: 1,
    headers: NO_HEADERS,
  };
}
