import type { Problem } from './configuration-error.js';
import { isPlainHttp } from './plain-http.js';
import type { Settings } from './settings.js';
import type { Environment } from './variables.js';

type IsGiven = (name: keyof Environment) => boolean;

const KEYS = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY' } as const;
const NAMED_ADAPTERS = { openai: 'openai', claude: 'anthropic' } as const;
const ANY_KEY = 'Set it, or ANTHROPIC_API_KEY or COMPATIBLE_ENDPOINTS_FILE';

/** The model providers that a process can call, by their names; none when the stub stands in for all of them. */
export function servedModelProviders({
  env,
  adapter,
  compatibleEndpoints,
}: Pick<Settings, 'env' | 'adapter' | 'compatibleEndpoints'>): ReadonlySet<string> {
  if (adapter === 'stub') return new Set();
  if (adapter !== 'auto') return new Set([NAMED_ADAPTERS[adapter]]);
  const own = Object.entries(KEYS).filter(([, key]) => env[key] !== undefined);
  return new Set([...own.map(([name]) => name), ...compatibleEndpoints.map(({ name }) => name)]);
}

/** What an unset LLM_ADAPTER stands for. */
export function defaultAdapter(isGiven: IsGiven): 'auto' | 'stub' {
  const isAnyGiven = [...Object.values(KEYS), 'COMPATIBLE_ENDPOINTS_FILE' as const].some(isGiven);
  return isAnyGiven ? 'auto' : 'stub';
}

/** What keeps the chosen adapter from working, in any mode. */
export function adapterContradictions({ adapter }: Settings, isGiven: IsGiven): Problem[] {
  if (adapter === 'stub') return [];
  const isServed = adapter === 'auto' ? defaultAdapter(isGiven) === 'auto' : isGiven(keyFor(adapter));
  if (isServed) return [];
  const [variable, remedy] =
    adapter === 'auto' ? ([KEYS.openai, ANY_KEY] as const) : ([keyFor(adapter), 'Set it'] as const);
  return [{ kind: 'adapter', variable, problem: 'LLM_ADAPTER needs it', remedy }];
}

const keyFor = (adapter: 'openai' | 'claude'): (typeof KEYS)[keyof typeof KEYS] =>
  KEYS[NAMED_ADAPTERS[adapter]];

function stubFindings({ env, adapter }: Settings): Problem[] {
  if (adapter !== 'stub') return [];
  if (env.LLM_ADAPTER === 'stub')
    return [
      {
        kind: 'adapter',
        variable: 'LLM_ADAPTER',
        problem: 'the stub answers in place of a model',
        remedy: 'Set LLM_ADAPTER=auto and the key of a model provider',
      },
    ];
  return [
    {
      kind: 'adapter',
      variable: KEYS.openai,
      problem: 'no model provider has a key, so the stub would answer in place of a model',
      remedy: ANY_KEY,
    },
  ];
}

/** Whose a model is, as far as its name tells; the catalogue, which knows, is above this floor. */
function findModelProvider(model: string, { compatibleEndpoints }: Settings): string | undefined {
  const endpoint = compatibleEndpoints.find(({ models }) => models.some(({ id }) => id === model));
  if (endpoint) return endpoint.name;
  if (model.startsWith('claude-')) return 'anthropic';
  return /^(ft:)?(gpt-|chatgpt-|o\d)/.test(model) ? 'openai' : undefined;
}

// With a named adapter there is nothing to ask for: only its own models are served.
function defaultModelFindings(settings: Settings, isGiven: IsGiven): Problem[] {
  if (settings.adapter !== 'auto' || defaultAdapter(isGiven) === 'stub') return [];
  const named = new Map<string, string>();
  for (const variable of ['DEFAULT_LLM_FALLBACK_MODEL', 'DEFAULT_LLM_MODEL'] as const)
    named.set(findModelProvider(settings.env[variable], settings) ?? '', variable);
  return Object.entries(KEYS).flatMap(([modelProvider, key]) => {
    const variable = named.get(modelProvider);
    if (variable === undefined || isGiven(key)) return [];
    return [
      {
        kind: 'adapter',
        variable: key,
        problem: `the model of ${variable} needs it`,
        remedy: `Set it, or ${variable} to a model of a model provider that has a key`,
      },
    ];
  });
}

function plainHttpFindings({ env, compatibleEndpoints }: Settings): Problem[] {
  if (env.STRICT_ACKNOWLEDGE.includes('plain-http')) return [];
  const urls = [
    ['OPENAI_BASE_URL', '', env.OPENAI_BASE_URL],
    ['ANTHROPIC_BASE_URL', '', env.ANTHROPIC_BASE_URL],
    ...compatibleEndpoints.map(
      ({ baseUrl }, index) => ['COMPATIBLE_ENDPOINTS_FILE', `[${index}].base_url: `, baseUrl] as const,
    ),
  ] as const;
  return urls
    .filter(([, , url]) => isPlainHttp(url))
    .map(([variable, place]) => ({
      kind: 'adapter',
      variable,
      problem: `${place}prompts and the key would travel over plain HTTP`,
      remedy: 'Use https://, or add plain-http to STRICT_ACKNOWLEDGE to accept it',
    }));
}

function unusedEndpointFindings({ adapter, compatibleEndpoints }: Settings): Problem[] {
  if (adapter === 'auto' || compatibleEndpoints.length === 0) return [];
  return [
    {
      kind: 'adapter',
      variable: 'COMPATIBLE_ENDPOINTS_FILE',
      problem: 'nothing would be called there with this LLM_ADAPTER',
      remedy: 'Set LLM_ADAPTER=auto, or remove it',
    },
  ];
}

/** What strict mode refuses about model providers. */
export function adapterFindings(settings: Settings, isGiven: IsGiven): Problem[] {
  return [
    ...stubFindings(settings),
    ...defaultModelFindings(settings, isGiven),
    ...plainHttpFindings(settings),
    ...unusedEndpointFindings(settings),
  ];
}
