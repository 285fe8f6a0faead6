import { z } from 'zod';
import { MODEL_NAME } from './named-models.js';

const MAX_MODELS = 1000;
const MAX_PAIRS = 32;
const RESERVED_NAMES = new Set(['openai', 'anthropic', 'stub']);
/** What the gateway sends itself. */
const OWN_HEADERS = new Set([
  ...['authorization', 'api-key', 'host', 'connection', 'transfer-encoding', 'te', 'upgrade'],
  ...['content-type', 'content-length', 'content-encoding', 'accept', 'accept-encoding', 'expect'],
]);

const usd = z.number().nonnegative().max(1_000_000);
const tokens = z.int().positive().max(1_000_000_000);
const modelName = z.string().regex(MODEL_NAME, 'must be a model name without blanks and commas');
const visible = z.string().regex(/^[\x20-\x7e]{0,4096}$/, 'must be printable ASCII');

function isEndpointUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && search + hash + username + password === '';
}

const pairs = (key: z.ZodType<string, string>): z.ZodType<Readonly<Record<string, string>>> =>
  z
    .record(key, visible)
    .refine((record) => Object.keys(record).length <= MAX_PAIRS, `must have at most ${MAX_PAIRS} entries`);

const model = z
  .strictObject({
    id: modelName,
    upstream_id: modelName.optional(),
    context_window: tokens.optional(),
    max_output_tokens: tokens.optional(),
    input_usd_per_million: usd,
    output_usd_per_million: usd,
    cached_input_usd_per_million: usd.optional(),
  })
  .transform((raw) => ({
    id: raw.id,
    /** What the endpoint calls the model. */
    upstreamId: raw.upstream_id ?? raw.id,
    contextWindow: raw.context_window,
    maxOutputTokens: raw.max_output_tokens,
    inputUsdPerMillion: raw.input_usd_per_million,
    outputUsdPerMillion: raw.output_usd_per_million,
    cachedInputUsdPerMillion: raw.cached_input_usd_per_million,
  }));

/** An entry of COMPATIBLE_ENDPOINTS_FILE, by itself: where its key comes from is not followed yet. */
export const compatibleEndpointSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 of a-z, 0-9 and -')
      .refine((name) => !RESERVED_NAMES.has(name), 'must not be openai, anthropic or stub'),
    base_url: z
      .string()
      .max(2048)
      .refine(isEndpointUrl, 'must be an http(s) URL without a query, a fragment or a user'),
    api_key: visible.min(1).optional(),
    api_key_file: z.string().min(1).optional(),
    api_key_env: z
      .string()
      .regex(/^[A-Za-z_]\w*$/, 'must be the name of a variable')
      .optional(),
    auth: z.enum(['bearer', 'api-key']).default('bearer'),
    query: pairs(visible.min(1)).default({}),
    headers: pairs(
      z
        .string()
        .regex(/^[\w!#$%&'*+.^`|~-]{1,128}$/, 'must be the name of a header')
        .refine((name) => !OWN_HEADERS.has(name.toLowerCase()), 'is a header that the gateway sets itself'),
    ).default({}),
    models: z.array(model).min(1).max(MAX_MODELS),
    requests_per_minute: z.int().nonnegative().max(10_000_000).optional(),
    max_tokens_per_request: z.int().nonnegative().max(10_000_000).default(16_000),
    max_cost_cents_per_request: z.int().nonnegative().max(100_000_000).default(50),
    wires: z.array(z.enum(['chat', 'embeddings'])).min(1),
  })
  .transform((raw) => ({
    /** The model provider's name, in the ledger, metrics and limits. */
    name: raw.name,
    /** Without a slash at its end. */
    baseUrl: raw.base_url.replace(/\/+$/, ''),
    keyFrom: { text: raw.api_key, file: raw.api_key_file, variable: raw.api_key_env },
    /** How the key travels: `Authorization: Bearer …` or `api-key: …`. */
    auth: raw.auth,
    /** Added to every request's URL. */
    query: raw.query,
    /** Added to every request. */
    headers: raw.headers,
    models: raw.models,
    /** Undefined: no limit. */
    requestsPerMinute: raw.requests_per_minute,
    maxTokensPerRequest: raw.max_tokens_per_request,
    maxCostCentsPerRequest: raw.max_cost_cents_per_request,
    wires: raw.wires,
  }));

/** An entry whose key was not read yet. */
export type KeylessEndpoint = z.output<typeof compatibleEndpointSchema>;

/** An endpoint that speaks OpenAI's wire format: a model provider by configuration alone. */
export interface CompatibleEndpoint extends Readonly<Omit<KeylessEndpoint, 'keyFrom'>> {
  /** Undefined: the endpoint asks for none. */
  readonly apiKey: string | undefined;
}

/** A model of a compatible endpoint, with its prices in USD per million tokens. */
export type CompatibleModel = CompatibleEndpoint['models'][number];
