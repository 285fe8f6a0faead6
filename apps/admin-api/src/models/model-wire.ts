import type { CatalogueModel } from '@tollgate/adapters';
import { formatUsd, type PriceBand } from '@tollgate/domain';

/** A price per token in pico-USD is a thousand times as many nano-USD per million tokens. */
const perMillion = (picoUsd: number): string => formatUsd(picoUsd * 1000);

function formatBand(band: PriceBand): object {
  return {
    above_input_tokens: band.aboveInputTokens,
    input_usd_per_million: perMillion(band.input),
    output_usd_per_million: perMillion(band.output),
    cached_input_usd_per_million: perMillion(band.cachedInput),
    cache_write_usd_per_million: perMillion(band.cacheWrite),
    input_pico_usd: band.input,
    output_pico_usd: band.output,
    cached_input_pico_usd: band.cachedInput,
    cache_write_pico_usd: band.cacheWrite,
  };
}

/** A model as an answer has it. */
export function formatModel(model: CatalogueModel, canBeCalled: boolean): object {
  return {
    id: model.id,
    model_provider: model.modelProvider,
    can_be_called: canBeCalled,
    context_window: model.contextWindow ?? null,
    max_output_tokens: model.maxOutputTokens ?? null,
    price_version: model.priceVersion,
    prices: model.price?.map(formatBand) ?? null,
  };
}
