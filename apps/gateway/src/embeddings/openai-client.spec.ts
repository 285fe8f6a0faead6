import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { formatUsd } from '@tollgate/domain';
import { BadRequestError, RateLimitError } from 'openai';
import { CLAUDE } from '../testing/anthropic-client.js';
import { UUID_V7, createClient, errorOf } from '../testing/openai-client.js';
import { PRICES, World } from '../testing/world.js';

const MODEL = 'text-embedding-3-small';
const ASK = { model: MODEL, input: ['abcdefgh', 'abcd'], dimensions: 2 };
const TOKENS = 3;
const COST_NANO_USD = TOKENS * (PRICES[MODEL]?.input ?? NaN);

describe('the official openai client asking for embeddings', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create({
      gateways: 1,
      env: { UPSTREAM_MAX_TRIES: '1' },
      tenants: { exact: { BUDGET_CENTS: '1' }, poor: { BUDGET_CENTS: '0' } },
    });
  });
  afterAll(() => world.close());
  beforeEach(() => world.mock.reset());

  it.each(['float', 'base64', undefined] as const)(
    'gets a vector for each input (%s)',
    async (encoding_format) => {
      const encoding = encoding_format === undefined ? {} : { encoding_format };
      const { data, model, usage } = await createClient(world).embeddings.create({ ...ASK, ...encoding });
      expect({ model, usage }).toEqual({
        model: MODEL,
        usage: { prompt_tokens: TOKENS, total_tokens: TOKENS },
      });
      const vectors = data.map(({ embedding }) => embedding);
      if (encoding_format === 'base64') expect(vectors).toEqual(['AACAPwAAAD8=', 'AAAAP6uqqj4=']);
      else
        expect(vectors).toEqual([
          [1, 0.5],
          [0.5, Math.fround(1 / 3)],
        ]);
    },
  );

  it('has its body passed on byte for byte, parameters that Tollgate does not know included', async () => {
    const body = { ...ASK, encoding_format: 'float' as const, user: 'ü€', brand_new: [1, null] };
    await createClient(world).embeddings.create(body);
    expect(world.mock.requests[0]).toMatchObject({
      path: '/v1/embeddings',
      bodyText: JSON.stringify(body),
      headers: { authorization: 'Bearer sk-upstream' },
    });
  });

  it('is billed for the input that was reported, and reads that in the headers', async () => {
    const { response, request_id } = await createClient(world, 'exact').embeddings.create(ASK).withResponse();
    expect(request_id).toMatch(UUID_V7);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-tollgate-cost-usd': formatUsd(COST_NANO_USD),
      'x-tollgate-budget-remaining-usd': formatUsd(10_000_000 - COST_NANO_USD),
    });
    expect(await world.quietNanoUsd(undefined, 'exact')).toBe(COST_NANO_USD);
    expect(world.mockNanoUsd()).toBe(COST_NANO_USD);
    expect(await world.ledgerRows('exact')).toEqual([
      {
        status: 'completed',
        errorCode: null,
        usageSource: 'reported',
        inputTokens: TOKENS,
        outputTokens: 0,
        costNanoUsd: COST_NANO_USD,
        streamed: false,
      },
    ]);
  });

  it('is refused by the budget like any other call', async () => {
    const error = await errorOf(createClient(world, 'poor').embeddings.create(ASK));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ code: 'insufficient_quota' });
    expect(world.mock.requests).toEqual([]);
  });

  it.each([
    [{ input: '' }, 'invalid_request', 'input'],
    [{ model: CLAUDE }, 'wire_not_supported', 'model'],
  ])('is refused %j', async (params, code, param) => {
    const error = await errorOf(createClient(world).embeddings.create({ ...ASK, ...params }));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ code, param });
    expect(world.mock.requests).toEqual([]);
  });

  it('learns of a model provider that fails, and pays nothing', async () => {
    world.mock.behave({ status: 500 });
    const before = await world.ledgerNanoUsd();
    expect(await errorOf(createClient(world).embeddings.create(ASK))).toMatchObject({
      status: 502,
      code: 'upstream_error',
    });
    expect(await world.quietNanoUsd()).toBe(before);
  });
});
