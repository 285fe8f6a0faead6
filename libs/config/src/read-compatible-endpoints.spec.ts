import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { compatibleEndpointSchema } from './compatible-endpoint.js';
import { ConfigurationError, describeProblem, type Problem } from './configuration-error.js';
import { servedModelProviders } from './model-provider-settings.js';
import { readCompatibleEndpoints } from './read-compatible-endpoints.js';
import { loadSettings } from './settings.js';

const MODEL = { id: 'llama', input_usd_per_million: 0.5, output_usd_per_million: 1 };
const LEAST = { name: 'groq', base_url: 'https://api.groq.com/openai/v1', models: [MODEL], wires: ['chat'] };
const LEAST_READ = {
  name: 'groq',
  baseUrl: 'https://api.groq.com/openai/v1',
  apiKey: undefined,
  auth: 'bearer',
  query: {},
  headers: {},
  models: [
    {
      id: 'llama',
      upstreamId: 'llama',
      contextWindow: undefined,
      maxOutputTokens: undefined,
      inputUsdPerMillion: 0.5,
      outputUsdPerMillion: 1,
      cachedInputUsdPerMillion: undefined,
    },
  ],
  requestsPerMinute: undefined,
  maxTokensPerRequest: 16_000,
  maxCostCentsPerRequest: 50,
  wires: ['chat'],
};

describe('COMPATIBLE_ENDPOINTS_FILE', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-endpoints-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (content: unknown, name = 'endpoints.json'): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };

  const read = (content: unknown, env = {}): { endpoints: unknown[]; problems: string[] } => {
    const found: Problem[] = [];
    const endpoints = readCompatibleEndpoints(file(content), env, found);
    return { endpoints, problems: found.map(({ problem }) => problem) };
  };

  it('may leave out all but name, URL, models with prices, and wires', () => {
    expect(read([LEAST])).toEqual({ endpoints: [LEAST_READ], problems: [] });
  });

  it('says everything about an endpoint', () => {
    const whole = {
      name: 'azure-eu',
      base_url: 'https://acme.openai.azure.com/openai/deployments/mini/',
      api_key: 'k-1',
      auth: 'api-key',
      query: { 'api-version': '2024-10-21' },
      headers: { 'x-team': 'agents' },
      models: [
        {
          ...MODEL,
          upstream_id: 'mini',
          context_window: 128_000,
          max_output_tokens: 16_384,
          cached_input_usd_per_million: 0,
        },
      ],
      requests_per_minute: 0,
      max_tokens_per_request: 0,
      max_cost_cents_per_request: 0,
      wires: ['chat', 'embeddings'],
    };
    expect(read([whole])).toEqual({
      endpoints: [
        {
          name: 'azure-eu',
          baseUrl: 'https://acme.openai.azure.com/openai/deployments/mini',
          apiKey: 'k-1',
          auth: 'api-key',
          query: { 'api-version': '2024-10-21' },
          headers: { 'x-team': 'agents' },
          models: [
            {
              id: 'llama',
              upstreamId: 'mini',
              contextWindow: 128_000,
              maxOutputTokens: 16_384,
              inputUsdPerMillion: 0.5,
              outputUsdPerMillion: 1,
              cachedInputUsdPerMillion: 0,
            },
          ],
          requestsPerMinute: 0,
          maxTokensPerRequest: 0,
          maxCostCentsPerRequest: 0,
          wires: ['chat', 'embeddings'],
        },
      ],
      problems: [],
    });
  });

  it('takes the key from a file or from a variable', () => {
    const path = file('k-file\n', 'key');
    expect(read([{ ...LEAST, api_key_file: path }]).endpoints).toEqual([{ ...LEAST_READ, apiKey: 'k-file' }]);
    expect(read([{ ...LEAST, api_key_env: 'GROQ' }], { GROQ: 'k-env' }).endpoints).toEqual([
      { ...LEAST_READ, apiKey: 'k-env' },
    ]);
  });

  it.each<[string, object, string]>([
    [
      'two keys',
      { api_key: 'a', api_key_env: 'B' },
      'has more than one of api_key, api_key_file and api_key_env',
    ],
    ['an unset variable', { api_key_env: 'B' }, 'has no legal key where it says that there is one'],
    ['a missing file', { api_key_file: '/missing' }, 'has no legal key where it says that there is one'],
    ['a key with a blank', { api_key: 'a b' }, 'has no legal key where it says that there is one'],
  ])('has a problem with %s', (_, change, problem) => {
    expect(
      read([LEAST, { ...LEAST, name: 'b', models: [{ ...MODEL, id: 'b' }], ...change }]).problems,
    ).toEqual([`[1] ${problem}`]);
  });

  it('lists all problems at once, each with its place and never with a value', () => {
    const { endpoints, problems } = read([
      { ...LEAST, name: 'OpenAI-secret', auth: 'basic-secret', secret_field: 1 },
      { ...LEAST, name: 'openai', headers: { Authorization: 'secret', 'x-a': 'secret\n' } },
      { ...LEAST, base_url: 'https://user:secret@host/v1?secret' },
      { ...LEAST, name: 'a', models: [{ ...MODEL, id: 'b', input_usd_per_million: -1 }] },
      { ...LEAST, name: 'a', models: [] },
      { ...LEAST, name: 'c', models: [MODEL, MODEL], wires: [] },
      LEAST,
      { ...LEAST, models: [{ ...MODEL, id: 'c' }] },
      { ...LEAST, name: 'd' },
      'secret',
    ]);
    expect(endpoints).toHaveLength(3);
    expect(problems).toEqual([
      '[0].name must be 1 to 32 of a-z, 0-9 and -',
      '[0].auth Invalid option: expected one of "bearer"|"api-key"',
      '[0] Unrecognized key: "secret_field"',
      '[1].name must not be openai, anthropic or stub',
      '[1].headers.Authorization is a header that the gateway sets itself',
      '[1].headers.x-a must be printable ASCII',
      '[2].base_url must be an http(s) URL without a query, a fragment or a user',
      '[3].models[0].input_usd_per_million Too small: expected number to be >=0',
      '[4].models Too small: expected array to have >=1 items',
      '[5].wires Too small: expected array to have >=1 items',
      '[9] Invalid input: expected object, received string',
      '[7].name stands twice',
      '[8].models[0].id stands twice',
    ]);
  });

  it.each([
    ['{"secret', 'the file is not JSON'],
    ['{}', 'the file is not a list of at most 100 endpoints'],
    [JSON.stringify(Array(101).fill(LEAST)), 'the file is not a list of at most 100 endpoints'],
  ])('is refused when it is no list of endpoints: %.20s', (content, problem) => {
    expect(read(content)).toEqual({ endpoints: [], problems: [problem] });
  });

  it('is a problem that names no path when it cannot be read', () => {
    const problems: Problem[] = [];
    expect(readCompatibleEndpoints(join(folder, 'missing'), {}, problems)).toEqual([]);
    expect(problems.map(describeProblem)).toEqual([
      'AdapterConfigurationError COMPATIBLE_ENDPOINTS_FILE: the file cannot be read. Correct the file as docs/operations/model-providers.md describes it.',
    ]);
  });

  describe('in strict mode', () => {
    const strict = (content: unknown, env = {}): string[] => {
      try {
        const settings = loadSettings({
          ENV: 'prod',
          REDIS_URL: 'rediss://cache',
          DATABASE_URL: 'postgres://db',
          TENANT_ACME_API_KEYS: 'a-tenant-key-of-32-characters-00',
          DEFAULT_LLM_MODEL: 'llama',
          DEFAULT_LLM_FALLBACK_MODEL: 'none',
          COMPATIBLE_ENDPOINTS_FILE: file(content),
          ...env,
        });
        return [...servedModelProviders(settings)];
      } catch (error) {
        if (error instanceof ConfigurationError) return error.problems.map(describeProblem);
        throw error;
      }
    };

    it('is a model provider like any other', () => {
      expect(strict([LEAST])).toEqual(['groq']);
    });

    it('has the default model that it names, whatever the name looks like', () => {
      const claude = { ...LEAST, models: [{ ...MODEL, id: 'claude-x' }] };
      expect(strict([claude], { DEFAULT_LLM_MODEL: 'claude-x' })).toEqual(['groq']);
    });

    it('refuses plain HTTP off loopback, by its place', () => {
      expect(strict([{ ...LEAST, base_url: 'http://llm.internal/v1' }])).toEqual([
        'AdapterConfigurationError COMPATIBLE_ENDPOINTS_FILE: [0].base_url: prompts and the key would travel over plain HTTP. Use https://, or add plain-http to STRICT_ACKNOWLEDGE to accept it.',
      ]);
      expect(strict([{ ...LEAST, base_url: 'http://localhost:11434/v1' }])).toEqual(['groq']);
      expect(
        strict([{ ...LEAST, base_url: 'http://llm.internal/v1' }], { STRICT_ACKNOWLEDGE: 'plain-http' }),
      ).toEqual(['groq']);
    });

    it('refuses endpoints that a named adapter leaves out', () => {
      expect(strict([LEAST], { LLM_ADAPTER: 'openai', OPENAI_API_KEY: 'sk-1' })).toEqual([
        'AdapterConfigurationError COMPATIBLE_ENDPOINTS_FILE: nothing would be called there with this LLM_ADAPTER. Set LLM_ADAPTER=auto, or remove it.',
      ]);
    });
  });
});

describe('the examples in docs/operations/model-providers.md', () => {
  it('are legal, every one', () => {
    const page = readFileSync(
      new URL('../../../docs/operations/model-providers.md', import.meta.url),
      'utf8',
    );
    const blocks = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json]) =>
      z.array(z.unknown()).parse(JSON.parse(json ?? '')),
    );
    const read = blocks.flat().map((entry) => compatibleEndpointSchema.parse(entry).name);
    expect(read).toEqual(['azure', 'groq', 'mistral', 'gemini', 'ollama', 'vllm']);
  });
});
