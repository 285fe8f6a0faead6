import type { IncomingHttpHeaders } from 'node:http';
import { TollgateError } from '@tollgate/domain';
import { z } from 'zod';
import type { ModelRequest } from '../../model-request.js';
import { checkBody } from '../../wire/check-body.js';
import { parseJsonObject } from '../../wire/json-object.js';

const DEFAULT_VERSION = '2023-06-01';
const HEADER = /^[\x21-\x7e ]{1,1000}$/;
/** Tools that the client runs itself; all others are run by the model provider, for a fee or with input of any length. */
const CLIENT_TOOL = /^(custom|bash_|text_editor_|memory_|computer_)/;
/**
 * Each is paid for outside the token prices, by another model's, or for input that the model provider keeps and the
 * body does not hold (`thread`, which could also be another tenant's): no bound would hold.
 */
const UNBOUNDED = [
  'mcp_servers',
  'container',
  'inference_geo',
  'speed',
  'thread',
  'fallbacks',
  'fallback_credit_token',
  'billing_policy',
];

const listOfObjects = z.array(z.record(z.string(), z.unknown()));

// Only what Tollgate itself must understand; all else passes through untouched.
const schema = z.object({
  model: z.string().min(1).max(200),
  messages: listOfObjects.min(1),
  max_tokens: z.int().min(1).max(1_000_000_000),
  stream: z.boolean().nullish(),
  tools: listOfObjects.nullish(),
  service_tier: z.enum(['auto', 'standard_only']).nullish(),
});
const countSchema = schema.omit({ max_tokens: true, stream: true });

function refuse(param: string): never {
  throw new TollgateError(
    'parameter_not_supported',
    `${param} has a cost that cannot be bounded beforehand.`,
    { param },
  );
}

function refuseUnbounded(
  body: Readonly<Record<string, unknown>>,
  tools: z.output<typeof listOfObjects>,
): void {
  for (const name of UNBOUNDED) if (body[name] != null) refuse(name);
  // A compaction is a model call of its own, which the totals of the usage leave out.
  if (JSON.stringify(body['context_management'] ?? null).includes('"compact')) refuse('context_management');
  tools.forEach(({ type }, index) => {
    if (type != null && !(typeof type === 'string' && CLIENT_TOOL.test(type))) refuse(`tools.${index}`);
  });
}

/** Whether anything is to be cached for an hour, whose price the price list does not know. */
function cachesForAnHour(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { cache_control: control } = value as { cache_control?: { ttl?: unknown } | null };
  return control?.ttl === '1h' || Object.values(value).some(cachesForAnHour);
}

function forwarded(headers: IncomingHttpHeaders): Record<string, string> {
  const { 'anthropic-version': version = DEFAULT_VERSION, 'anthropic-beta': beta } = headers;
  const chosen = { 'anthropic-version': version, ...(beta !== undefined && { 'anthropic-beta': beta }) };
  for (const [param, value] of Object.entries(chosen))
    if (typeof value !== 'string' || !HEADER.test(value))
      throw new TollgateError('invalid_header', `${param} has characters that are not allowed.`, { param });
  return chosen as Record<string, string>;
}

/**
 * Reads an Anthropic messages request.
 * @throws TollgateError `invalid_json`, `invalid_request`, `invalid_header` or `parameter_not_supported`
 */
export function parseMessagesRequest(bytes: Buffer, headers: IncomingHttpHeaders): ModelRequest {
  const body = parseJsonObject(bytes);
  const { model, max_tokens: outputCap, stream, tools } = checkBody(schema, body);
  refuseUnbounded(body, tools ?? []);
  if (bytes.includes('"1h"') && cachesForAnHour(body)) refuse('cache_control.ttl');
  return {
    wire: 'messages',
    bytes,
    body,
    model,
    stream: stream ?? false,
    wantsUsage: true,
    outputCap,
    choices: 1,
    headers: forwarded(headers),
  };
}

/** Reads a request to count a message's tokens. @throws TollgateError as `parseMessagesRequest` does */
export function parseCountTokensRequest(bytes: Buffer, headers: IncomingHttpHeaders): ModelRequest {
  const body = parseJsonObject(bytes);
  const { model } = checkBody(countSchema, body);
  return {
    wire: 'count-tokens',
    bytes,
    body,
    model,
    stream: false,
    wantsUsage: false,
    outputCap: undefined,
    choices: 0,
    headers: forwarded(headers),
  };
}
