import type { TokenUsage } from './token-usage.js';

/** Prices per token in pico-USD (1e-12 $): $0.0375 per million tokens is 37,500, an integer where nano-USD is not. */
export interface TokenPrices {
  readonly input: number;
  readonly cachedInput: number;
  readonly cacheWrite: number;
  readonly inputAudio: number;
  readonly output: number;
  readonly outputAudio: number;
}

/** Prices that hold for requests with more than `aboveInputTokens` input tokens; they then hold for every token. */
export interface PriceBand extends TokenPrices {
  readonly aboveInputTokens: number;
}

/** A model's price list: bands in ascending order, the first one above -1 (that is, for every request). */
export type Price = readonly [PriceBand, ...PriceBand[]];

const PICO_PER_NANO = 1000;

function bandFor(price: Price, inputTokens: number): PriceBand {
  let band = price[0];
  for (const next of price) if (inputTokens > next.aboveInputTokens) band = next;
  return band;
}

/** What these tokens cost, in nano-USD, a fraction of a nano rounded up once for the whole request. */
export function costNanoUsd(price: Price, usage: TokenUsage): number {
  const band = bandFor(price, usage.inputTokens);
  const plainInput = Math.max(
    0,
    usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens - usage.inputAudioTokens,
  );
  const plainOutput = Math.max(0, usage.outputTokens - usage.outputAudioTokens);
  const pico =
    plainInput * band.input +
    usage.cachedInputTokens * band.cachedInput +
    usage.cacheWriteTokens * band.cacheWrite +
    usage.inputAudioTokens * band.inputAudio +
    plainOutput * band.output +
    usage.outputAudioTokens * band.outputAudio;
  return Math.ceil(pico / PICO_PER_NANO);
}

/**
 * The most a request with at most these tokens can cost, in nano-USD: every token at the dearest price of its
 * side, in the dearest band that the request can reach.
 */
export function boundNanoUsd(price: Price, maxInputTokens: number, maxOutputTokens: number): number {
  let dearestPico = 0;
  for (const band of price) {
    if (maxInputTokens <= band.aboveInputTokens) continue;
    const input = Math.max(band.input, band.cachedInput, band.cacheWrite, band.inputAudio);
    const output = Math.max(band.output, band.outputAudio);
    dearestPico = Math.max(dearestPico, maxInputTokens * input + maxOutputTokens * output);
  }
  return Math.ceil(dearestPico / PICO_PER_NANO);
}
