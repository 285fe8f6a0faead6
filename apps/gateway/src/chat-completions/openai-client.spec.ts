import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { formatUsd } from '@tollgate/domain';
import OpenAI, { APIUserAbortError } from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { eventually } from '../testing/eventually.js';
import { ASK, PROMPT_TOKENS, UUID_V7, createClient, errorOf } from '../testing/openai-client.js';
import { PRICE, World } from '../testing/world.js';

type StreamParams = Omit<OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming, 'stream'>;

describe('the official openai client', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create({
      gateways: 1,
      tenants: {
        headers: { RATE_LIMIT: '1000', TOKENS_PER_MINUTE: '500000', BUDGET_CENTS: '100' },
        picky: { ALLOWED_MODELS: ASK.model },
        plain: {},
        leaver: {},
      },
    });
  });
  afterAll(() => world.close());
  beforeEach(() => world.mock.reset());

  const upstreamBodies = (): unknown[] => world.mock.requests.map(({ body }) => body);

  describe('on a plain call', () => {
    it('gets the whole completion, unchanged', async () => {
      world.mock.behave({ content: 'Good morning.' });
      const completion = await createClient(world).chat.completions.create(ASK);
      expect(completion).toEqual({
        id: expect.stringMatching(/^chatcmpl-/),
        object: 'chat.completion',
        created: expect.any(Number),
        model: ASK.model,
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'Good morning.', refusal: null, annotations: [] },
            logprobs: null,
            finish_reason: 'stop',
          },
        ],
        usage: {
          prompt_tokens: PROMPT_TOKENS,
          completion_tokens: 4,
          total_tokens: PROMPT_TOKENS + 4,
          prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
          completion_tokens_details: {
            reasoning_tokens: 0,
            audio_tokens: 0,
            accepted_prediction_tokens: 0,
            rejected_prediction_tokens: 0,
          },
        },
        service_tier: 'default',
        system_fingerprint: 'fp_mock000001',
      });
    });

    it('gets n choices, and is billed for all of them', async () => {
      world.mock.behave({ chunks: 5 });
      const completion = await createClient(world, 'plain').chat.completions.create({
        ...ASK,
        n: 2,
        max_tokens: 50,
      });
      expect(completion.choices.map(({ index, message }) => [index, message.content])).toEqual([
        [0, 'word1 word2 word3 word4 word5 '],
        [1, 'word1 word2 word3 word4 word5 '],
      ]);
      await world.quietNanoUsd(undefined, 'plain');
      const [row] = await world.ledgerRows('plain');
      expect(row).toEqual({
        status: 'completed',
        errorCode: null,
        usageSource: 'reported',
        inputTokens: PROMPT_TOKENS,
        outputTokens: 10,
        costNanoUsd: PROMPT_TOKENS * PRICE.input + 10 * PRICE.output,
        streamed: false,
      });
    });

    it('has its body passed on byte for byte when it sets its own cap, parameters that Tollgate does not know included', async () => {
      const body = { ...ASK, max_completion_tokens: 50, metadata: { a: 'ü€' }, brand_new: [1, 2.5, null] };
      await createClient(world).chat.completions.create(body);
      expect(world.mock.requests[0]?.bodyText).toBe(JSON.stringify(body));
      expect(world.mock.requests[0]?.headers).toMatchObject({
        authorization: 'Bearer sk-upstream',
        'content-type': 'application/json',
        'x-client-request-id': expect.stringMatching(UUID_V7),
      });
    });

    it('has the cap that its budget was held for sent upstream when it sets none', async () => {
      await createClient(world).chat.completions.create(ASK);
      expect(upstreamBodies()).toEqual([{ max_completion_tokens: 16_000, ...ASK }]);
    });

    it('reads the request id, the exact cost, the budget left and the rate limits in the headers', async () => {
      world.mock.behave({ promptTokens: 1_000, cachedTokens: 400, chunks: 7 });
      const { data, response, request_id } = await createClient(world, 'headers')
        .chat.completions.create(ASK)
        .withResponse();
      expect(data.usage?.total_tokens).toBe(1_007);
      const costNanoUsd = 600 * PRICE.input + 400 * PRICE.cachedInput + 7 * PRICE.output;
      const headers = Object.fromEntries(response.headers);
      expect(request_id).toMatch(UUID_V7);
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'x-request-id': request_id,
        'x-tollgate-cost-usd': formatUsd(costNanoUsd),
        'x-tollgate-budget-remaining-usd': formatUsd(1_000_000_000 - costNanoUsd),
        'x-ratelimit-limit-requests': '1000',
        'x-ratelimit-remaining-requests': '999',
        'x-ratelimit-reset-requests': '60ms',
        'x-ratelimit-limit-tokens': '500000',
        'x-ratelimit-remaining-tokens': expect.stringMatching(/^48\d{4}$/),
        'x-ratelimit-reset-tokens': expect.stringMatching(/^\d\.?\d*s$/),
      });
      expect(headers['x-tollgate-cost-usd']).toBe('0.0001242');
    });

    it('is still billed in full when it hangs up, since the model provider bills the whole answer', async () => {
      world.mock.behave({ latencyMs: 200, chunks: 5 });
      const controller = new AbortController();
      const call = createClient(world, 'leaver').chat.completions.create(ASK, { signal: controller.signal });
      await world.mock.waitForRequests(1);
      controller.abort();
      expect(await errorOf(call)).toBeInstanceOf(APIUserAbortError);
      await world.mock.waitForIdle();
      const rows = await eventually(
        () => world.ledgerRows('leaver'),
        (all) => expect(all).toHaveLength(1),
      );
      expect(rows[0]).toMatchObject({ status: 'completed', usageSource: 'reported', outputTokens: 5 });
      expect(await world.quietNanoUsd(undefined, 'leaver')).toBe(
        PROMPT_TOKENS * PRICE.input + 5 * PRICE.output,
      );
    });
  });

  describe('on a stream', () => {
    async function read(params: Partial<StreamParams> = {}): Promise<OpenAI.Chat.ChatCompletionChunk[]> {
      const stream = await createClient(world).chat.completions.create({
        ...ASK,
        ...params,
        stream: true,
      });
      const chunks: OpenAI.Chat.ChatCompletionChunk[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      return chunks;
    }

    it('gets every chunk and no usage when it did not ask for it, though the usage is billed', async () => {
      world.mock.behave({ chunks: 3 });
      const before = await world.quietNanoUsd();
      const chunks = await read();
      expect(chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
        { role: 'assistant', content: '', refusal: null },
        { content: 'word1 ' },
        { content: 'word2 ' },
        { content: 'word3 ' },
        {},
      ]);
      expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
      expect(chunks.filter(({ usage }) => usage)).toEqual([]);
      expect(upstreamBodies()).toEqual([
        {
          max_completion_tokens: 16_000,
          stream_options: { include_usage: true },
          ...ASK,
          stream: true,
        },
      ]);
      await eventually(
        () => world.quietNanoUsd(),
        (now) => expect(now - before).toBe(PROMPT_TOKENS * PRICE.input + 3 * PRICE.output),
      );
      expect((await world.ledgerRows()).at(-1)).toMatchObject({
        status: 'completed',
        usageSource: 'reported',
        streamed: true,
      });
    });

    it('gets the usage chunk as the last one when it asks for it', async () => {
      world.mock.behave({ chunks: 3 });
      const chunks = await read({ stream_options: { include_usage: true } });
      expect(chunks).toHaveLength(6);
      expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
      expect(chunks.at(-1)).toMatchObject({
        choices: [],
        usage: { prompt_tokens: PROMPT_TOKENS, completion_tokens: 3, total_tokens: PROMPT_TOKENS + 3 },
      });
    });

    it('gets no usage chunk when it says include_usage: false', async () => {
      const chunks = await read({ stream_options: { include_usage: false } });
      expect(chunks.filter(({ usage }) => usage)).toEqual([]);
      expect(chunks).toHaveLength(22);
    });

    it('gets the chunks of n choices', async () => {
      world.mock.behave({ chunks: 2 });
      const chunks = await read({ n: 2, max_tokens: 10 });
      const texts = ['', ''];
      for (const { choices } of chunks)
        for (const { index, delta } of choices) texts[index] += delta.content ?? '';
      expect(texts).toEqual(['word1 word2 ', 'word1 word2 ']);
    });

    it('reads request id and limits in its headers, and no cost, which nobody knows yet', async () => {
      const { response } = await createClient(world, 'headers')
        .chat.completions.create({ ...ASK, stream: true })
        .withResponse();
      await response.body?.cancel();
      const headers = Object.fromEntries(response.headers);
      expect(headers).toMatchObject({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache',
        'x-request-id': expect.stringMatching(UUID_V7),
        'x-ratelimit-limit-requests': '1000',
        'x-tollgate-budget-remaining-usd': expect.stringMatching(/^0\.\d+$/),
      });
      expect(headers).not.toHaveProperty('x-tollgate-cost-usd');
    });

    it('ends the upstream call when it is aborted, and is billed for what was streamed', async () => {
      world.mock.behave({ stallAfterChunks: 4 });
      const before = (await world.ledgerRows('leaver')).length;
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
        (all) => expect(all).toHaveLength(before + 1),
      );
      expect(rows.at(-1)).toMatchObject({ status: 'aborted', usageSource: 'counted', streamed: true });
      const [served] = world.mock.bill().byRequest.values();
      expect(served).toMatchObject({ status: 'aborted', streamedContent: 'word1 word2 word3 word4 ' });
      await world.quietNanoUsd(undefined, 'leaver');
    });
  });

  describe('with tools', () => {
    const toolCalls = [
      { name: 'weather', arguments: { city: 'Bern' } },
      { name: 'weather', arguments: { city: 'Zürich' } },
    ];
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

    beforeEach(() => {
      asked.length = 0;
      world.mock.behave({ toolCalls, content: 'It is cold in both.' });
    });

    function expectSecondTurn(): void {
      expect(asked).toEqual(['Bern', 'Zürich']);
      expect(upstreamBodies()).toHaveLength(2);
      const [first, second] = upstreamBodies() as { tools: unknown; messages: unknown[] }[];
      expect(first?.messages).toEqual(ASK.messages);
      expect(second?.tools).toEqual(first?.tools);
      expect(second?.messages).toMatchObject([
        ASK.messages[0],
        {
          role: 'assistant',
          tool_calls: [
            {
              id: expect.stringMatching(/^call_/),
              function: { name: 'weather', arguments: '{"city":"Bern"}' },
            },
            {
              id: expect.stringMatching(/^call_/),
              function: { name: 'weather', arguments: '{"city":"Zürich"}' },
            },
          ],
        },
        { role: 'tool', tool_call_id: expect.stringMatching(/^call_/), content: '7 degrees in Bern' },
        { role: 'tool', tool_call_id: expect.stringMatching(/^call_/), content: '7 degrees in Zürich' },
      ]);
    }

    it('runs them over several turns', async () => {
      const runner = createClient(world).chat.completions.runTools({ ...ASK, tools });
      expect(await runner.finalContent()).toBe('It is cold in both.');
      expectSecondTurn();
      expect(await runner.totalUsage()).toMatchObject({ prompt_tokens: expect.any(Number) });
    });

    it('runs them over several streamed turns', async () => {
      const runner = createClient(world).chat.completions.runTools({ ...ASK, tools, stream: true });
      expect(await runner.finalContent()).toBe('It is cold in both.');
      expectSecondTurn();
    });
  });

  describe('with structured output', () => {
    const weather = z.object({ city: z.string(), degrees: z.number() });
    const format = zodResponseFormat(weather, 'weather');

    beforeEach(() => world.mock.behave({ content: '{"city":"Bern","degrees":7}' }));

    it('gets a parsed answer, and its schema is passed on unchanged', async () => {
      const completion = await createClient(world).chat.completions.parse({
        ...ASK,
        response_format: format,
      });
      expect(completion.choices[0]?.message.parsed).toEqual({ city: 'Bern', degrees: 7 });
      expect(upstreamBodies()).toMatchObject([
        { response_format: JSON.parse(JSON.stringify(format)) as object },
      ]);
    });

    it('gets a parsed answer from a stream', async () => {
      const stream = createClient(world).chat.completions.stream({ ...ASK, response_format: format });
      const completion = await stream.finalChatCompletion();
      expect(completion.choices[0]?.message.parsed).toEqual({ city: 'Bern', degrees: 7 });
    });
  });

  describe('asking for models', () => {
    it('lists what its tenant may call', async () => {
      const models = await Array.fromAsync(createClient(world, 'picky').models.list());
      expect(models).toEqual([{ id: ASK.model, object: 'model', created: 0, owned_by: 'openai' }]);
    });
  });
});
