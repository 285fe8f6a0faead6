import { integer, list, oneOf, text, url } from './variable.js';

const section = 'Model providers';

const openaiVariables = {
  OPENAI_API_KEY: text(undefined, { section, doc: "The gateway's own key at OpenAI.", secret: true }),
  OPENAI_BASE_URL: url(['https:', 'http:'], 'https://api.openai.com/v1', {
    section,
    doc: 'OpenAI endpoint, with its version path.',
  }),
  OPENAI_REQUESTS_PER_MINUTE: integer(60, 0, 10_000_000, {
    section,
    doc: 'Calls per minute to OpenAI by all replicas together.',
  }),
  OPENAI_MAX_TOKENS_PER_REQUEST: integer(16_000, 0, 10_000_000, {
    section,
    doc: 'Output tokens one request may ask for (all choices together), and the cap that is sent when a request has none.',
  }),
  OPENAI_MAX_COST_CENTS_PER_REQUEST: integer(50, 0, 100_000_000, {
    section,
    doc: 'The most one request may cost, in cents.',
  }),
  OPENAI_ALLOWED_MODELS: list({
    section,
    doc: "OpenAI's models that may be called at all, `*` for any characters. Empty: every one of the catalogue.",
  }),
};

const anthropicVariables = {
  ANTHROPIC_API_KEY: text(undefined, { section, doc: "The gateway's own key at Anthropic.", secret: true }),
  ANTHROPIC_BASE_URL: url(['https:', 'http:'], 'https://api.anthropic.com', {
    section,
    doc: 'Anthropic endpoint, without a version path.',
  }),
  ANTHROPIC_REQUESTS_PER_MINUTE: integer(60, 0, 10_000_000, {
    section,
    doc: 'Calls per minute to Anthropic by all replicas together.',
  }),
  ANTHROPIC_MAX_TOKENS_PER_REQUEST: integer(16_000, 0, 10_000_000, {
    section,
    doc: 'Output tokens one request may ask for, and the cap that is sent when a request has none.',
  }),
  ANTHROPIC_MAX_COST_CENTS_PER_REQUEST: integer(50, 0, 100_000_000, {
    section,
    doc: 'The most one request may cost, in cents.',
  }),
  ANTHROPIC_ALLOWED_MODELS: list({
    section,
    doc: "Anthropic's models that may be called at all, `*` for any characters. Empty: every one of the catalogue.",
  }),
};

/** The variables of model providers, in the order of the reference page. */
export const modelProviderVariables = {
  LLM_ADAPTER: oneOf(['auto', 'openai', 'claude', 'stub'], undefined, {
    section,
    doc: '`auto` picks the model provider by the model; `openai` and `claude` serve the models of OpenAI or of Anthropic alone; `stub` answers without one. Unset: `auto` when a model provider is configured, else `stub` (refused in strict mode).',
  }),
  ...openaiVariables,
  ...anthropicVariables,
  COMPATIBLE_ENDPOINTS_FILE: text(undefined, {
    section,
    doc: "JSON file with further model providers that speak OpenAI's wire format, such as Azure OpenAI, Groq, Mistral, Ollama or vLLM: [its fields and examples](operations/model-providers.md).",
  }),
  STUB_LATENCY_MS: integer(0, 0, 600_000, { section, doc: 'Time the stub waits before its answer.' }),
  STUB_CHUNK_DELAY_MS: integer(0, 0, 60_000, {
    section,
    doc: 'Time the stub waits between the chunks of a stream.',
  }),
  PRICE_OVERRIDES_FILE: text(undefined, {
    section,
    doc: 'JSON file with prices that win over the catalogue: `{"gpt-x": {"model_provider": "openai", "input_usd_per_million": 1, "output_usd_per_million": 2}}`.',
  }),
};
