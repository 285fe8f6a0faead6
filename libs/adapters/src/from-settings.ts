import { servedModelProviders, type CompatibleEndpoint, type Settings } from '@tollgate/config';
import type { Clock } from '@tollgate/domain';
import type { CatalogueModel } from './catalogue/catalogue-model.js';
import { Catalogue } from './catalogue/catalogue.js';
import { toPrice } from './catalogue/genai-price.js';
import { readPriceOverrides } from './catalogue/price-overrides.js';
import { AdapterRegistry, MODEL_PROVIDERS, type CompatibleAccess } from './registry.js';

const SECOND_MS = 1000;

function toModels({ name, models }: CompatibleEndpoint): CatalogueModel[] {
  return models.map((model) => ({
    id: model.id,
    upstreamId: model.upstreamId,
    modelProvider: name,
    contextWindow: model.contextWindow,
    maxOutputTokens: model.maxOutputTokens,
    price: toPrice({
      input_mtok: model.inputUsdPerMillion,
      output_mtok: model.outputUsdPerMillion,
      cache_read_mtok: model.cachedInputUsdPerMillion,
    }),
    priceVersion: 'configured',
  }));
}

/** The models that a process knows; throws with the place of what is wrong in an overrides file. */
export function createCatalogue({ env, compatibleEndpoints }: Settings, clock: Clock): Catalogue {
  const { overrides, version } = env.PRICE_OVERRIDES_FILE
    ? readPriceOverrides(env.PRICE_OVERRIDES_FILE)
    : { overrides: {}, version: undefined };
  return new Catalogue({
    modelProviders: MODEL_PROVIDERS,
    overrides,
    overridesVersion: version,
    configured: compatibleEndpoints.flatMap(toModels),
    clock,
  });
}

/** Finds the models of a catalogue that a process with these settings can call. */
export function callableModels(
  settings: Settings,
  catalogue: Catalogue,
): (name: string) => CatalogueModel | undefined {
  const served = servedModelProviders(settings);
  return (name) => {
    const model = catalogue.find(name);
    return model && (settings.adapter === 'stub' || served.has(model.modelProvider)) ? model : undefined;
  };
}

function toAccess({
  name,
  baseUrl,
  apiKey,
  auth,
  headers,
  query,
  wires,
}: CompatibleEndpoint): CompatibleAccess {
  const key: Record<string, string> =
    apiKey === undefined
      ? {}
      : auth === 'bearer'
        ? { authorization: `Bearer ${apiKey}` }
        : { 'api-key': apiKey };
  return { modelProvider: name, baseUrl, query, wires, headers: { ...headers, ...key } };
}

/** The adapters of the model providers that a process can call. */
export function createAdapters(settings: Settings): AdapterRegistry {
  const { env, adapter, compatibleEndpoints } = settings;
  const served = servedModelProviders(settings);
  const access = (
    name: string,
    apiKey: string | undefined,
    baseUrl: string,
  ): { apiKey: string; baseUrl: string } | undefined =>
    served.has(name) && apiKey !== undefined ? { apiKey, baseUrl } : undefined;
  return new AdapterRegistry({
    stub:
      adapter === 'stub'
        ? { latencyMs: env.STUB_LATENCY_MS, chunkDelayMs: env.STUB_CHUNK_DELAY_MS }
        : undefined,
    upstream: {
      connectTimeoutMs: env.UPSTREAM_CONNECT_TIMEOUT_SECONDS * SECOND_MS,
      firstByteTimeoutMs: env.FIRST_BYTE_TIMEOUT_SECONDS * SECOND_MS,
      idleTimeoutMs: env.IDLE_TIMEOUT_SECONDS * SECOND_MS,
      maxConnections: env.UPSTREAM_MAX_CONNECTIONS,
    },
    openai: access('openai', env.OPENAI_API_KEY, env.OPENAI_BASE_URL),
    anthropic: access('anthropic', env.ANTHROPIC_API_KEY, env.ANTHROPIC_BASE_URL),
    compatible: compatibleEndpoints.filter(({ name }) => served.has(name)).map(toAccess),
  });
}
