import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { formatUsd } from '@tollgate/domain';
import OpenAI, {
  APIUserAbortError,
  InternalServerError,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
  type APIError,
} from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { CLAUDE } from '../testing/anthropic-client.js';
import { eventually } from '../testing/eventually.js';
import { ASK as ASK_GPT, PROMPT_TOKENS, UUID_V7, createClient, errorOf } from '../testing/openai-client.js';
import { PRICES, World } from '../testing/world.js';

const ASK = { ...ASK_GPT, model: CLAUDE };
const PRICE = PRICES[CLAUDE] ?? { input: NaN, cachedInput: NaN, output: NaN };

describe('the official openai client with a Claude model', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create({
      gateways: 1,
      env: { UPSTREAM_MAX_TRIES: '1', BREAKER_FAILURE_PERCENT: '0' },
      tenants: {
        headers: { RATE_LIMIT: '1000', BUDGET_CENTS: '100' },
        picky: { ALLOWED_MODELS: 'gpt-4o-mini' },
        poor: { BUDGET_CENTS: '0' },
        exact: {},
        leaver: {},
      },
    });
  });
  afterAll(() => world.close());
  beforeEach(() => world.mock.reset());

  const upstreamBodies = (): unknown[] => world.mock.requests.map(({ body }) => body);

  it('gets a chat completion, with the cached part of its input', async () => {
    world.mock.behave({ content: 'Good morning.', promptTokens: 10, cachedTokens: 4 });
    const completion = await createClient(world).chat.completions.create(ASK);
    expect(completion).toMatchObject({
      id: expect.stringMatching(/^msg_/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: CLAUDE,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Good morning.', refusal: null },
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 4,
        total_tokens: 14,
        prompt_tokens_details: { cached_tokens: 4 },
      },
    });
    expect(world.mock.requests[0]).toMatchObject({
      path: '/v1/messages',
      body: { model: CLAUDE, max_tokens: 16_000, messages: ASK.messages },
      headers: { 'x-api-key': 'sk-ant-upstream', 'anthropic-version': '2023-06-01' },
    });
  });

  it('has its system prompt, its image and its own cap understood', async () => {
    const url = 'data:image/png;base64,iVBORw0KGgo=';
    await createClient(world).chat.completions.create({
      ...ASK,
      max_completion_tokens: 50,
      stop: ['END'],
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image_url', image_url: { url } },
          ],
        },
      ],
    });
    const source = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
    expect(upstreamBodies()).toMatchObject([
      {
        model: CLAUDE,
        max_tokens: 50,
        stop_sequences: ['END'],
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is it?' },
              { type: 'image', source },
            ],
          },
        ],
      },
    ]);
    expect(JSON.stringify(upstreamBodies()[0])).toContain('Be brief.');
  });

  it('reads a stream chunk by chunk, and its usage last when it asks for it', async () => {
    world.mock.behave({ chunks: 3 });
    const stream = await createClient(world).chat.completions.create({
      ...ASK,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.Chat.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content).filter(Boolean)).toEqual([
      'word1 ',
      'word2 ',
      'word3 ',
    ]);
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: PROMPT_TOKENS, completion_tokens: 3, total_tokens: PROMPT_TOKENS + 3 },
    });
  });

  describe('and tools', () => {
    const asked: string[] = [];
    const tools = [
      {
        type: 'function' as const,
        function: {
          name: 'weather',
          description: 'The weather in a city.',
          parse: (text: string): { city: string } => JSON.parse(text) as { city: string },
          parameters: { type: 'object' as const, properties: { city: { type: 'string' as const } } },
          function: ({ city }: { city: string }): string => {
            asked.push(city);
            return `7 degrees in ${city}`;
          },
        },
      },
    ];

    it.each(['plain', 'streamed'] as const)('runs parallel ones over several %s turns', async (kind) => {
      asked.length = 0;
      world.mock.behave({
        toolCalls: ['Bern', 'Zürich'].map((city) => ({ name: 'weather', arguments: { city } })),
        content: 'It is cold in both.',
      });
      const { completions } = createClient(world).chat;
      const runner =
        kind === 'plain'
          ? completions.runTools({ ...ASK, tools })
          : completions.runTools({ ...ASK, tools, stream: true });
      expect(await runner.finalContent()).toBe('It is cold in both.');
      expect(asked).toEqual(['Bern', 'Zürich']);
      const second = upstreamBodies()[1] as { messages: { content: { id?: string }[] }[] };
      const [first, next] = second.messages[1]?.content.map(({ id }) => id) ?? [];
      expect(first).toMatch(/^toolu_/);
      expect(second.messages.slice(1)).toMatchObject([
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: first, name: 'weather', input: { city: 'Bern' } },
            { type: 'tool_use', id: next, name: 'weather', input: { city: 'Zürich' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: first, content: '7 degrees in Bern' },
            { type: 'tool_result', tool_use_id: next, content: '7 degrees in Zürich' },
          ],
        },
      ]);
    });
  });

  it('gets a parsed answer in the form that it asked for, plain and streamed', async () => {
    const format = zodResponseFormat(z.object({ city: z.string(), degrees: z.number() }), 'weather');
    world.mock.behave({ content: '{"city":"Bern","degrees":7}' });
    const { completions } = createClient(world).chat;
    const plain = await completions.parse({ ...ASK, response_format: format });
    const streamed = await completions.stream({ ...ASK, response_format: format }).finalChatCompletion();
    for (const { choices } of [plain, streamed])
      expect(choices[0]?.message.parsed).toEqual({ city: 'Bern', degrees: 7 });
    const { schema } = format.json_schema;
    expect(upstreamBodies()[0]).toMatchObject({ output_config: { format: { type: 'json_schema', schema } } });
  });

  it('reads the exact cost and the budget left in the headers', async () => {
    world.mock.behave({ promptTokens: 1000, cachedTokens: 400, chunks: 7 });
    const { response, request_id } = await createClient(world, 'headers')
      .chat.completions.create(ASK)
      .withResponse();
    const costNanoUsd = 600 * PRICE.input + 400 * PRICE.cachedInput + 7 * PRICE.output;
    expect(request_id).toMatch(UUID_V7);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-tollgate-cost-usd': formatUsd(costNanoUsd),
      'x-tollgate-budget-remaining-usd': formatUsd(1_000_000_000 - costNanoUsd),
    });
    expect(await world.quietNanoUsd(undefined, 'headers')).toBe(costNanoUsd);
  });

  it('is billed in the ledger and in Redis what the model provider bills, plain and streamed', async () => {
    world.mock.behave({ chunks: 5, promptTokens: 300, cachedTokens: 200 });
    const { completions } = createClient(world, 'exact').chat;
    await Promise.all([
      completions.create(ASK),
      completions.create({ ...ASK, max_completion_tokens: 2 }),
      completions.stream(ASK).finalChatCompletion(),
    ]);
    const usage = 3 * (100 * PRICE.input + 200 * PRICE.cachedInput) + 12 * PRICE.output;
    expect(world.mockNanoUsd()).toBe(usage);
    await eventually(
      () => world.ledgerNanoUsd('exact'),
      (ledger) => expect(ledger).toBe(usage),
    );
    expect(await world.quietNanoUsd(undefined, 'exact')).toBe(usage);
  });

  it('ends the upstream call when it aborts a stream, and is billed for what was streamed', async () => {
    world.mock.behave({ stallAfterChunks: 4 });
    const stream = createClient(world, 'leaver').chat.completions.stream(ASK);
    let seen = 0;
    stream.on('content', () => {
      seen += 1;
      if (seen === 4) stream.abort();
    });
    expect(await errorOf(stream.done())).toBeInstanceOf(APIUserAbortError);
    await world.mock.waitForIdle();
    const rows = await eventually(
      () => world.ledgerRows('leaver'),
      (all) => expect(all).toHaveLength(1),
    );
    // The input was reported before the first word; the words, two of o200k's tokens each, count as 1.6 of Claude's.
    expect(rows[0]).toMatchObject({
      status: 'aborted',
      usageSource: 'counted',
      inputTokens: PROMPT_TOKENS,
      outputTokens: Math.ceil(9 * 1.6),
    });
  });

  describe('gets errors of its own classes:', () => {
    const fail = (tenantId: string, params: object = {}): Promise<APIError> =>
      errorOf(createClient(world, tenantId).chat.completions.create({ ...ASK, ...params }));

    it('what the tenant may not do', async () => {
      expect(await fail('picky')).toBeInstanceOf(PermissionDeniedError);
      const poor = await fail('poor');
      expect(poor).toBeInstanceOf(RateLimitError);
      expect(poor).toMatchObject({ code: 'insufficient_quota', type: 'insufficient_quota' });
      expect(upstreamBodies()).toEqual([]);
    });

    it('what Claude cannot be asked, by name', async () => {
      for (const [params, param] of [
        [{ n: 2 }, 'n'],
        [{ logit_bias: { 5: 1 } }, 'logit_bias'],
        [{ brand_new: true }, 'brand_new'],
      ] as const)
        expect(await fail('acme', params)).toMatchObject({
          status: 400,
          code: 'parameter_not_translatable',
          type: 'invalid_request_error',
          param,
        });
      expect(upstreamBodies()).toEqual([]);
    });

    it('what Claude refuses, in its own words', async () => {
      world.mock.behave({ status: 422 });
      const error = await fail('acme');
      expect(error).toBeInstanceOf(UnprocessableEntityError);
      expect(error.error).toEqual({
        message: 'Unprocessable request',
        type: 'invalid_request_error',
        param: null,
        code: 'upstream_refused',
      });
    });

    it.each([
      [{ status: 529 }, 'upstream_error'],
      [{ status: 401 }, 'upstream_authentication_failed'],
      [{ garbage: 'not-json' }, 'upstream_invalid_response'],
    ] as const)('a model provider that answers with %j', async (behaviour, code) => {
      world.mock.behave(behaviour);
      const error = await fail('acme');
      expect(error).toBeInstanceOf(InternalServerError);
      expect(error).toMatchObject({ status: 502, code });
    });

    it('a stream that breaks off, after the chunks that came', async () => {
      world.mock.behave({ cutAfterChunks: 2 });
      const stream = await createClient(world).chat.completions.create({ ...ASK, stream: true });
      const texts: string[] = [];
      const reading = (async (): Promise<void> => {
        for await (const chunk of stream) texts.push(chunk.choices[0]?.delta.content ?? '');
      })();
      expect(await errorOf(reading)).toMatchObject({ code: 'upstream_error', type: 'api_error' });
      expect(texts.filter(Boolean)).toEqual(['word1 ', 'word2 ']);
    });
  });
});
