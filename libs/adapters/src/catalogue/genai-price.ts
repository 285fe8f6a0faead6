import { calcPrice, findProvider, type ModelPrice } from '@pydantic/genai-prices';
import type { Price, PriceBand } from '@tollgate/domain';

/** The release of `@pydantic/genai-prices` whose data is in use. */
export const GENAI_PRICES_VERSION = '0.1.8';

const PICO_PER_USD_PER_MILLION = 1_000_000;

/** What genai-prices knows of a model. */
export interface GenaiModel {
  readonly contextWindow: number | undefined;
  readonly price: Price | undefined;
}

function priceAt(price: ModelPrice[string], inputTokens: number): number | undefined {
  if (price === undefined || typeof price === 'number') return price;
  let current = price.base;
  for (const tier of price.tiers) if (inputTokens > tier.start) current = tier.price;
  return current;
}

const toPico = (usdPerMillion: number): number =>
  Math.max(0, Math.ceil(usdPerMillion * PICO_PER_USD_PER_MILLION - 1e-6));

function bandAbove(prices: ModelPrice, aboveInputTokens: number): PriceBand | undefined {
  const at = (key: string): number | undefined => priceAt(prices[key], aboveInputTokens + 1);
  const input = at('input_mtok');
  const output = at('output_mtok');
  if (input === undefined || output === undefined) return undefined;
  return {
    aboveInputTokens,
    input: toPico(input),
    cachedInput: toPico(at('cache_read_mtok') ?? input),
    cacheWrite: toPico(at('cache_write_mtok') ?? input),
    inputAudio: toPico(at('input_audio_mtok') ?? input),
    output: toPico(output),
    outputAudio: toPico(at('output_audio_mtok') ?? output),
  };
}

/** Converts dollars per million tokens, tiers included, into bands; undefined unless input and output have a price. */
export function toPrice(prices: ModelPrice): Price | undefined {
  const first = bandAbove(prices, -1);
  if (!first) return undefined;
  const starts = new Set(
    Object.values(prices).flatMap((price) =>
      typeof price === 'object' ? price.tiers.map((tier) => tier.start) : [],
    ),
  );
  const others = [...starts].sort((a, b) => a - b).map((start) => bandAbove(prices, start));
  return [first, ...others.filter((band) => band !== undefined)];
}

// Search models bill a fee for each call beside their tokens, and for some audio models only the price of text is known.
function hasUnknownPrice(model: string, prices: ModelPrice): boolean {
  return model.includes('search') || (model.includes('audio') && prices['input_audio_mtok'] === undefined);
}

/** Looks a model up at one model provider, with the prices in force at an instant. */
export function findGenaiModel(modelProvider: string, model: string, at: Date): GenaiModel | undefined {
  // genai-prices ignores case and blanks, model providers do not: every spelling would be a model of its own.
  if (/\s/.test(model) || (/[A-Z]/.test(model) && !model.startsWith('ft:'))) return undefined;
  const found = calcPrice({}, model, { providerId: modelProvider, timestamp: at });
  if (!found) return undefined;
  // Vectors are free: genai-prices knows no output price for models that give nothing else.
  const prices = model.includes('embedding') ? { output_mtok: 0, ...found.model_price } : found.model_price;
  return {
    contextWindow: found.model.context_window,
    price: hasUnknownPrice(model, prices) ? undefined : toPrice(prices),
  };
}

/** Names of a model provider's models whose price is known, in alphabetical order. */
export function listGenaiModels(modelProvider: string, at: Date): string[] {
  const models = findProvider({ providerId: modelProvider })?.models ?? [];
  const names = models.filter((model) => !model.deprecated).map((model) => model.id);
  return names.filter((name) => findGenaiModel(modelProvider, name, at)?.price).sort();
}
