import type { Clock } from '@tollgate/domain';
import type { CatalogueModel } from './catalogue-model.js';
import { GENAI_PRICES_VERSION, findGenaiModel, listGenaiModels, toPrice } from './genai-price.js';
import { findMaxOutputTokens } from './max-output.js';
import type { PriceOverrides } from './price-overrides.js';

const PRICES_HOLD_MS = 10 * 60_000;
const MAX_CACHED = 2000;

/** Which model providers the catalogue covers, and an operator's own prices. */
export interface CatalogueOptions {
  readonly modelProviders: readonly string[];
  readonly overrides: PriceOverrides;
  readonly overridesVersion: string | undefined;
  /** Models that an operator configured with their prices; an override wins over them. */
  readonly configured?: readonly CatalogueModel[];
  readonly clock: Clock;
}

/** All callable models with their prices. Lookups are cached; prices with a start date come into force within ten minutes. */
export class Catalogue {
  /** Names without a model too: to look for one takes longer than to find one. */
  readonly #cache = new Map<string, CatalogueModel | undefined>();
  #cachedUntilMs = 0;

  constructor(private readonly options: CatalogueOptions) {}

  /** The model of this exact name, if there is one. */
  find(name: string): CatalogueModel | undefined {
    const nowMs = this.options.clock.now();
    if (nowMs >= this.#cachedUntilMs || this.#cache.size > MAX_CACHED) {
      this.#cache.clear();
      this.#cachedUntilMs = nowMs + PRICES_HOLD_MS;
    }
    const cached = this.#cache.get(name);
    if (cached || this.#cache.has(name)) return cached;
    const model = this.#override(name) ?? this.#configured(name) ?? this.#known(name, new Date(nowMs));
    this.#cache.set(name, model);
    return model;
  }

  /** Every model by name, in alphabetical order. */
  list(): CatalogueModel[] {
    const at = new Date(this.options.clock.now());
    const names = this.options.modelProviders.flatMap((modelProvider) => listGenaiModels(modelProvider, at));
    const all = [
      ...new Set([...names, ...Object.keys(this.options.overrides), ...this.#configuredNames()]),
    ].sort();
    return all.map((name) => this.find(name)).filter((model) => model !== undefined);
  }

  #configured(name: string): CatalogueModel | undefined {
    return this.options.configured?.find(({ id }) => id === name);
  }

  #configuredNames(): string[] {
    return this.options.configured?.map(({ id }) => id) ?? [];
  }

  #override(name: string): CatalogueModel | undefined {
    if (!Object.hasOwn(this.options.overrides, name)) return undefined;
    const entry = this.options.overrides[name];
    if (!entry) return undefined;
    const price = toPrice({
      input_mtok: entry.input_usd_per_million,
      output_mtok: entry.output_usd_per_million,
      cache_read_mtok: entry.cached_input_usd_per_million,
      cache_write_mtok: entry.cache_write_usd_per_million,
    });
    return {
      id: name,
      upstreamId: this.#configured(name)?.upstreamId ?? name,
      modelProvider: entry.model_provider,
      contextWindow: entry.context_window,
      maxOutputTokens: entry.max_output_tokens,
      price,
      priceVersion: `overrides@${this.options.overridesVersion ?? 'none'}`,
    };
  }

  #known(name: string, at: Date): CatalogueModel | undefined {
    for (const modelProvider of this.options.modelProviders) {
      const found = findGenaiModel(modelProvider, name, at);
      if (!found) continue;
      const { contextWindow, price } = found;
      return {
        id: name,
        upstreamId: name,
        modelProvider,
        contextWindow,
        maxOutputTokens: findMaxOutputTokens(name),
        price,
        priceVersion: `genai-prices@${GENAI_PRICES_VERSION}`,
      };
    }
    return undefined;
  }
}
