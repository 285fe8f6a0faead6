import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { costNanoUsd, textUsage } from '@tollgate/domain';
import { Catalogue } from './catalogue.js';
import { GENAI_PRICES_VERSION, findGenaiModel, toPrice } from './genai-price.js';
import type { PriceOverrides } from './price-overrides.js';

const NOW = Date.UTC(2026, 10, 23);

function open(overrides: PriceOverrides = {}, clock = { now: () => NOW }): Catalogue {
  return new Catalogue({ modelProviders: ['openai'], overrides, overridesVersion: 'v7', clock });
}

describe('Catalogue', () => {
  it('knows gpt-4o-mini at 150, 75 and 600 nano-USD a token', () => {
    expect(open().find('gpt-4o-mini')).toEqual({
      id: 'gpt-4o-mini',
      upstreamId: 'gpt-4o-mini',
      modelProvider: 'openai',
      contextWindow: 128_000,
      maxOutputTokens: 16_384,
      price: [
        {
          aboveInputTokens: -1,
          input: 150_000,
          cachedInput: 75_000,
          cacheWrite: 150_000,
          inputAudio: 150_000,
          output: 600_000,
          outputAudio: 600_000,
        },
      ],
      priceVersion: `genai-prices@${GENAI_PRICES_VERSION}`,
    });
  });

  it('names the release of genai-prices that is installed', () => {
    const manifest = readFileSync(resolve(import.meta.dirname, '../../../../package.json'), 'utf8');
    const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
    expect(dependencies['@pydantic/genai-prices']).toBe(GENAI_PRICES_VERSION);
  });

  it('knows a dated name by the price of its model', () => {
    const dated = open().find('gpt-4o-mini-2024-07-18');
    expect(dated).toMatchObject({ id: 'gpt-4o-mini-2024-07-18', maxOutputTokens: 16_384 });
    expect(dated?.price).toEqual(open().find('gpt-4o-mini')?.price);
  });

  it.each([
    'gpt-4o-mini-next',
    'GPT-4o-mini',
    'gpt-4o-minI',
    'openai/gpt-4o-mini',
    ' gpt-4o-mini',
    '',
    'toString',
    '__proto__',
  ])('does not know %j', (name) => {
    expect(open().find(name)).toBeUndefined();
  });

  it('knows fine-tuned models, whose names may have capitals', () => {
    expect(open().find('ft:gpt-4o-mini-2024-07-18:Acme::A1b2C3')).toMatchObject({
      price: [{ input: 300_000 }],
    });
  });

  it.each(['gpt-4o-search-preview', 'gpt-4o-mini-search-preview', 'gpt-4o-audio-preview'])(
    'has no price for %s, which bills more than its token prices say',
    (name) => {
      expect(open().find(name)?.price).toBeUndefined();
      expect(
        open()
          .list()
          .map(({ id }) => id),
      ).not.toContain(name);
    },
  );

  it('has a price for embeddings, whose output is free', () => {
    const [band] = open().find('text-embedding-3-small')?.price ?? [];
    expect(band).toMatchObject({ input: 20_000, output: 0 });
  });

  it('has audio prices where they are known', () => {
    const [band] = open().find('gpt-audio')?.price ?? [];
    expect(band?.inputAudio).toBeGreaterThan(band?.input ?? Infinity);
    expect(band?.outputAudio).toBeGreaterThan(band?.output ?? Infinity);
  });

  it.each([
    ['gpt-3.5-turbo', 4096],
    ['gpt-4', 8192],
    ['gpt-4-turbo-2024-04-09', 4096],
    ['gpt-4-1106-preview', 4096],
    ['gpt-4.1-nano', 32_768],
    ['gpt-4o-2024-05-13', 4096],
    ['gpt-4o-2024-08-06', 16_384],
    ['gpt-5-mini', 128_000],
    ['o3', 100_000],
  ])('knows the largest answer of %s', (name, tokens) => {
    expect(open().find(name)?.maxOutputTokens).toBe(tokens);
  });

  it('puts prices into force at their date, within ten minutes', () => {
    let now = Date.UTC(2026, 6, 29, 23, 59);
    const catalogue = open({}, { now: () => now });
    const inputPrice = (): number | undefined => catalogue.find('gpt-5.6-luna')?.price?.[0].input;
    const before = inputPrice();
    now += 9 * 60_000;
    expect(inputPrice()).toBe(before);
    now += 60_000;
    expect(inputPrice()).toBe(200_000);
    expect(before).toBe(1_000_000);
  });

  it("prefers the operator's prices, and adds the operator's models", () => {
    const entry = { model_provider: 'openai', input_usd_per_million: 1, output_usd_per_million: 2 };
    const catalogue = open({
      'gpt-4o-mini': { ...entry, cached_input_usd_per_million: 0.0375 },
      'our-model': { ...entry, context_window: 1000, max_output_tokens: 100 },
    });
    expect(catalogue.find('gpt-4o-mini')).toMatchObject({
      price: [{ input: 1_000_000, cachedInput: 37_500, cacheWrite: 1_000_000, output: 2_000_000 }],
      priceVersion: 'overrides@v7',
    });
    expect(catalogue.find('our-model')).toMatchObject({ contextWindow: 1000, maxOutputTokens: 100 });
    const names = catalogue.list().map(({ id }) => id);
    expect(names).toContain('our-model');
    expect(names).toEqual([...new Set(names)].sort());
  });
});

describe('toPrice', () => {
  it('makes a band of each tier, which holds for every token above its start', () => {
    const price = toPrice({
      input_mtok: { base: 2, tiers: [{ start: 1000, price: 4 }] },
      output_mtok: {
        base: 10,
        tiers: [
          { start: 1000, price: 15 },
          { start: 5000, price: 20 },
        ],
      },
      cache_read_mtok: 0.5,
    });
    if (!price) throw new Error('no price');
    expect(price.map(({ aboveInputTokens, input, output }) => [aboveInputTokens, input, output])).toEqual([
      [-1, 2_000_000, 10_000_000],
      [1000, 4_000_000, 15_000_000],
      [5000, 4_000_000, 20_000_000],
    ]);
    expect(costNanoUsd(price, textUsage(1000, 1))).toBe(1000 * 2000 + 10_000);
    expect(costNanoUsd(price, textUsage(1001, 1))).toBe(1001 * 4000 + 15_000);
    expect(costNanoUsd(price, textUsage(5001, 1))).toBe(5001 * 4000 + 20_000);
  });

  it('has the tiers of a real model', () => {
    const price = findGenaiModel('openai', 'gpt-5.4', new Date(NOW))?.price;
    expect(price?.map(({ aboveInputTokens, input, output }) => [aboveInputTokens, input, output])).toEqual([
      [-1, 2_500_000, 15_000_000],
      [271_999, 5_000_000, 22_500_000],
    ]);
  });

  it('rounds a price below a pico up, and one that only floating point makes uneven not at all', () => {
    const [band] = toPrice({ input_mtok: 0.000_000_1, output_mtok: 0.07 }) ?? [];
    expect([band?.input, band?.output]).toEqual([1, 70_000]);
  });

  it.each([{}, { input_mtok: 1 }, { output_mtok: 1 }])('needs input and output: %j', (prices) => {
    expect(toPrice(prices)).toBeUndefined();
  });

  it('takes 0 for a price', () => {
    expect(toPrice({ input_mtok: 0, output_mtok: 0 })).toMatchObject([{ input: 0, output: 0 }]);
  });
});
