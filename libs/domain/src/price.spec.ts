import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boundNanoUsd, costNanoUsd, type Price, type PriceBand } from './price.js';
import { NO_TOKENS, textUsage, type TokenUsage } from './token-usage.js';

const BAND: PriceBand = {
  aboveInputTokens: -1,
  input: 150_000,
  cachedInput: 75_000,
  cacheWrite: 187_500,
  inputAudio: 10_000_000,
  output: 600_000,
  outputAudio: 20_000_000,
};
const FLAT: Price = [BAND];
const TIERED: Price = [
  BAND,
  { ...BAND, aboveInputTokens: 1000, input: 300_000, output: 900_000 },
  { ...BAND, aboveInputTokens: 5000, input: 200_000, output: 500_000 },
];

const picoUsd = fc.oneof(fc.nat({ max: 200_000_000 }), fc.nat({ max: 2000 }));
const tokenPrices = fc.record({
  input: picoUsd,
  cachedInput: picoUsd,
  cacheWrite: picoUsd,
  inputAudio: picoUsd,
  output: picoUsd,
  outputAudio: picoUsd,
});
const anyPrice: fc.Arbitrary<Price> = fc
  .tuple(tokenPrices, fc.dictionary(fc.nat({ max: 10_000 }).map(String), tokenPrices, { maxKeys: 4 }))
  .map(([first, others]): Price => {
    const bands = Object.entries(others).map(([above, prices]) => ({
      ...prices,
      aboveInputTokens: Number(above),
    }));
    bands.sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
    return [{ ...first, aboveInputTokens: -1 }, ...bands];
  });
/** Any usage whose parts do not overlap. */
const anyUsage: fc.Arbitrary<TokenUsage> = fc
  .tuple(...Array.from({ length: 6 }, () => fc.nat({ max: 5000 })))
  .map(([plain = 0, cached = 0, written = 0, heard = 0, text = 0, spoken = 0]) => ({
    inputTokens: plain + cached + written + heard,
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    inputAudioTokens: heard,
    outputTokens: text + spoken,
    outputAudioTokens: spoken,
  }));

describe('costNanoUsd', () => {
  it.each<[string, Partial<TokenUsage>, number]>([
    ['nothing', {}, 0],
    ['text', { inputTokens: 10, outputTokens: 5 }, 10 * 150 + 5 * 600],
    ['cached input', { inputTokens: 10, cachedInputTokens: 4 }, 6 * 150 + 4 * 75],
    ['written input', { inputTokens: 10, cacheWriteTokens: 4 }, 6 * 150 + 4 * 187.5],
    [
      'audio',
      { inputTokens: 10, inputAudioTokens: 3, outputTokens: 5, outputAudioTokens: 2 },
      7 * 150 + 3 * 10_000 + 3 * 600 + 2 * 20_000,
    ],
    [
      'only parts',
      { inputTokens: 9, cachedInputTokens: 4, cacheWriteTokens: 2, inputAudioTokens: 3 },
      4 * 75 + 2 * 187.5 + 30_000,
    ],
  ])('prices %s', (_, usage, nanoUsd) => {
    expect(costNanoUsd(FLAT, { ...NO_TOKENS, ...usage })).toBe(nanoUsd);
  });

  it('rounds a fraction of a nano up, once for the whole request', () => {
    const price: Price = [{ ...BAND, input: 37_500, output: 1 }];
    expect(costNanoUsd(price, textUsage(1, 0))).toBe(38);
    expect(costNanoUsd(price, textUsage(2, 0))).toBe(75);
    expect(costNanoUsd(price, textUsage(2, 1))).toBe(76);
    expect(costNanoUsd(price, textUsage(0, 1000))).toBe(1);
    expect(costNanoUsd(price, textUsage(0, 1001))).toBe(2);
  });

  it.each([
    [1000, 150, 600],
    [1001, 300, 900],
    [5000, 300, 900],
    [5001, 200, 500],
  ])('takes the prices of the band for all of %i tokens', (inputTokens, input, output) => {
    expect(costNanoUsd(TIERED, textUsage(inputTokens, 7))).toBe(inputTokens * input + 7 * output);
  });

  it('is exact: the sum over the parts, rounded up', () => {
    fc.assert(
      fc.property(anyPrice, anyUsage, (price, usage) => {
        const band =
          price.findLast(({ aboveInputTokens }) => usage.inputTokens > aboveInputTokens) ?? price[0];
        const plain =
          usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens - usage.inputAudioTokens;
        const pico = [
          [plain, band.input],
          [usage.cachedInputTokens, band.cachedInput],
          [usage.cacheWriteTokens, band.cacheWrite],
          [usage.inputAudioTokens, band.inputAudio],
          [usage.outputTokens - usage.outputAudioTokens, band.output],
          [usage.outputAudioTokens, band.outputAudio],
        ].reduce((sum, [tokens = 0, each = 0]) => sum + BigInt(tokens) * BigInt(each), 0n);
        expect(BigInt(costNanoUsd(price, usage))).toBe((pico + 999n) / 1000n);
      }),
      { numRuns: 500 },
    );
  });
});

describe('boundNanoUsd', () => {
  it('is the dearest price of each side', () => {
    expect(boundNanoUsd(FLAT, 10, 5)).toBe(10 * 10_000 + 5 * 20_000);
    expect(boundNanoUsd([{ ...BAND, inputAudio: 0, outputAudio: 0 }], 10, 5)).toBe(10 * 187.5 + 5 * 600);
    expect(boundNanoUsd(FLAT, 0, 0)).toBe(0);
  });

  it('looks at every band that the request can reach, and at no other', () => {
    const text = { cachedInput: 0, cacheWrite: 0, inputAudio: 0, outputAudio: 0 };
    const price: Price = [
      { ...TIERED[0], ...text },
      ...TIERED.slice(1).map((band) => ({ ...band, ...text })),
    ];
    expect(boundNanoUsd(price, 1000, 10)).toBe(1000 * 150 + 10 * 600);
    expect(boundNanoUsd(price, 1001, 10)).toBe(1001 * 300 + 10 * 900);
    // The last band is cheaper, but the request may stay below it.
    expect(boundNanoUsd(price, 5001, 10)).toBe(5001 * 300 + 10 * 900);
  });

  it('is never below the cost of a usage within it', () => {
    fc.assert(
      fc.property(
        anyPrice,
        anyUsage,
        fc.nat({ max: 3000 }),
        fc.nat({ max: 3000 }),
        (price, usage, moreIn, moreOut) => {
          const bound = boundNanoUsd(price, usage.inputTokens + moreIn, usage.outputTokens + moreOut);
          expect(bound).toBeGreaterThanOrEqual(costNanoUsd(price, usage));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('does not fall when more is allowed', () => {
    const tokens = fc.nat({ max: 20_000 });
    fc.assert(
      fc.property(anyPrice, tokens, tokens, tokens, tokens, (price, input, output, moreIn, moreOut) => {
        expect(boundNanoUsd(price, input + moreIn, output + moreOut)).toBeGreaterThanOrEqual(
          boundNanoUsd(price, input, output),
        );
      }),
    );
  });
});
