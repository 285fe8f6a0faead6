import type Anthropic from '@anthropic-ai/sdk';
import { APIUserAbortError } from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { formatUsd } from '@tollgate/domain';
import { z } from 'zod';
import { ASK_MESSAGES, CLAUDE, anthropicErrorOf, createAnthropic } from '../testing/anthropic-client.js';
import { eventually } from '../testing/eventually.js';
import { PROMPT_TOKENS, UUID_V7 } from '../testing/openai-client.js';
import { PRICES, World } from '../testing/world.js';

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const GPT = 'gpt-4o-mini';

describe('the official Anthropic client', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create({
      gateways: 1,
      tenants: {
        headers: { RATE_LIMIT: '1000', TOKENS_PER_MINUTE: '500000', BUDGET_CENTS: '100' },
        exact: {},
        counter: {},
        leaver: {},
      },
    });
  });
  afterAll(() => world.close());
  beforeEach(() => world.mock.reset());

  const upstreamBodies = (): unknown[] => world.mock.requests.map(({ body }) => body);

  describe.each([CLAUDE, GPT])('with the model %s', (model) => {
    const ask = { ...ASK_MESSAGES, model };
    const isNative = model === CLAUDE;

    it('gets the whole message', async () => {
      world.mock.behave({ content: 'Good morning.', promptTokens: 10, cachedTokens: 4 });
      const { usage, ...message } = await createAnthropic(world).messages.create(ask);
      expect(message).toMatchObject({
        id: expect.stringMatching(isNative ? /^msg_/ : /^chatcmpl-/),
        type: 'message',
        role: 'assistant',
        model,
        content: [{ type: 'text', text: 'Good morning.' }],
        stop_reason: 'end_turn',
        stop_sequence: null,
      });
      expect(usage).toMatchObject({ input_tokens: 6, cache_read_input_tokens: 4, output_tokens: 4 });
    });

    it('has its system prompt and its image understood', async () => {
      const source = { type: 'base64', media_type: 'image/png', data: PIXEL } as const;
      const content = [{ type: 'text', text: 'What is it?' } as const, { type: 'image', source } as const];
      await createAnthropic(world).messages.create({
        ...ask,
        system: 'Be brief.',
        messages: [{ role: 'user', content }],
      });
      expect(upstreamBodies()).toEqual([
        isNative
          ? { ...ask, system: 'Be brief.', messages: [{ role: 'user', content }] }
          : {
              model,
              max_completion_tokens: 100,
              messages: [
                { role: 'system', content: 'Be brief.' },
                {
                  role: 'user',
                  content: [
                    { type: 'text', text: 'What is it?' },
                    { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
                  ],
                },
              ],
            },
      ]);
    });

    it('puts a stream together, and learns its usage from it', async () => {
      world.mock.behave({ content: 'Good morning.', cachedTokens: 4 });
      const texts: string[] = [];
      const stream = createAnthropic(world).messages.stream(ask);
      stream.on('text', (text) => texts.push(text));
      expect(await stream.finalMessage()).toMatchObject({
        type: 'message',
        role: 'assistant',
        model,
        content: [{ type: 'text', text: 'Good morning.' }],
        stop_reason: 'end_turn',
        usage: { input_tokens: PROMPT_TOKENS - 4, cache_read_input_tokens: 4, output_tokens: 4 },
      });
      expect(texts).toEqual(['Good', ' mor', 'ning', '.']);
    });

    it('is told that its cap cut the answer', async () => {
      const capped = { ...ask, max_tokens: 3 };
      expect(await createAnthropic(world).messages.create(capped)).toMatchObject({
        stop_reason: 'max_tokens',
        usage: { output_tokens: 3 },
      });
      expect(await createAnthropic(world).messages.stream(capped).finalMessage()).toMatchObject({
        stop_reason: 'max_tokens',
        usage: { output_tokens: 3 },
      });
    });

    it.each([false, true])('runs parallel tools over several turns (streamed: %s)', async (isStreamed) => {
      const cities = ['Bern', 'Zürich'];
      const toolCalls = cities.map((city) => ({ name: 'weather', arguments: { city } }));
      world.mock.behave({ toolCalls, content: 'It is cold in both.' });
      const { messages } = createAnthropic(world);
      const tools = [{ name: 'weather', input_schema: { type: 'object' as const, properties: {} } }];
      const send = (history: Anthropic.MessageParam[]): Promise<Anthropic.Message> => {
        const params = { ...ask, tools, messages: history };
        return isStreamed ? messages.stream(params).finalMessage() : messages.create(params);
      };
      const first = await send(ask.messages);
      expect(first.stop_reason).toBe('tool_use');
      const id: unknown = expect.stringMatching(isNative ? /^toolu_/ : /^call_/);
      const uses = first.content.filter(({ type }) => type === 'tool_use') as Anthropic.ToolUseBlock[];
      expect(uses).toMatchObject(cities.map((city) => ({ id, name: 'weather', input: { city } })));
      const results = uses.map((use) => ({
        type: 'tool_result' as const,
        tool_use_id: use.id,
        content: `${use.id} is cold`,
      }));
      const second = await send([
        ...ask.messages,
        { role: 'assistant', content: first.content },
        { role: 'user', content: results },
      ]);
      expect(second).toMatchObject({
        content: [{ type: 'text', text: 'It is cold in both.' }],
        stop_reason: 'end_turn',
      });
      const sent = upstreamBodies().at(-1) as { messages: object[] };
      expect(sent.messages.slice(1)).toMatchObject(
        isNative
          ? [
              { role: 'assistant', content: uses },
              { role: 'user', content: results },
            ]
          : [
              {
                role: 'assistant',
                tool_calls: uses.map((use) => ({
                  id: use.id,
                  type: 'function',
                  function: { name: 'weather', arguments: JSON.stringify(use.input) },
                })),
              },
              ...results.map(({ tool_use_id, content }) => ({
                role: 'tool',
                tool_call_id: tool_use_id,
                content,
              })),
            ],
      );
    });

    it('gets a parsed answer in the form that it asked for', async () => {
      const weather = z.object({ city: z.string(), degrees: z.number() });
      world.mock.behave({ content: '{"city":"Bern","degrees":7}' });
      const format = zodOutputFormat(weather);
      const message = await createAnthropic(world).messages.parse({ ...ask, output_config: { format } });
      expect(message.parsed_output).toEqual({ city: 'Bern', degrees: 7 });
      const { schema } = JSON.parse(JSON.stringify(format)) as { schema: object };
      expect(upstreamBodies()).toMatchObject([
        isNative
          ? { output_config: { format: { type: 'json_schema', schema } } }
          : { response_format: { type: 'json_schema', json_schema: { schema, strict: true } } },
      ]);
    });

    it('reads the request id, the exact cost and the budget left in the headers', async () => {
      world.mock.behave({ promptTokens: 1000, cachedTokens: 400, chunks: 7 });
      const before = await world.ledgerNanoUsd('headers');
      const { response, request_id } = await createAnthropic(world, 'headers')
        .messages.create(ask)
        .withResponse();
      const price = PRICES[model];
      if (!price) throw new Error('no price');
      const costNanoUsd = 600 * price.input + 400 * price.cachedInput + 7 * price.output;
      expect(request_id).toMatch(UUID_V7);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'request-id': request_id,
        'x-request-id': request_id,
        'x-tollgate-cost-usd': formatUsd(costNanoUsd),
        'x-tollgate-budget-remaining-usd': formatUsd(1_000_000_000 - before - costNanoUsd),
        'x-ratelimit-limit-requests': '1000',
      });
      expect(await world.quietNanoUsd(undefined, 'headers')).toBe(before + costNanoUsd);
    });

    it('ends the upstream call when it aborts a stream, and is billed for what was streamed', async () => {
      world.mock.behave({ stallAfterChunks: 4 });
      const before = (await world.ledgerRows('leaver')).length;
      const stream = createAnthropic(world, 'leaver').messages.stream(ask);
      let seen = 0;
      stream.on('text', () => {
        seen += 1;
        if (seen === 4) stream.abort();
      });
      expect(await anthropicErrorOf(stream.finalMessage())).toBeInstanceOf(APIUserAbortError);
      await world.mock.waitForIdle();
      const rows = await eventually(
        () => world.ledgerRows('leaver'),
        (all) => expect(all).toHaveLength(before + 1),
      );
      const last = rows.at(-1);
      expect(last).toMatchObject({ status: 'aborted', usageSource: 'counted', streamed: true });
      expect(last?.inputTokens).toBeGreaterThanOrEqual(PROMPT_TOKENS);
      expect(last?.outputTokens).toBeGreaterThanOrEqual(4);
      const [served] = world.mock.bill().byRequest.values();
      expect(served).toMatchObject({ status: 'aborted', streamedContent: 'word1 word2 word3 word4 ' });
      await world.quietNanoUsd(undefined, 'leaver');
    });

    it('is billed in the ledger and in Redis what the model provider bills, plain and streamed', async () => {
      const before = await world.quietNanoUsd(undefined, 'exact').catch(() => 0);
      const client = createAnthropic(world, 'exact');
      world.mock.behave(() => ({ chunks: 5, promptTokens: 300, cachedTokens: 200 }));
      await Promise.all([
        client.messages.create(ask),
        client.messages.create({ ...ask, max_tokens: 2 }),
        client.messages.stream(ask).finalMessage(),
      ]);
      await eventually(
        () => world.ledgerNanoUsd('exact'),
        (ledger) => expect(ledger - before).toBe(world.mockNanoUsd()),
      );
      await world.quietNanoUsd(undefined, 'exact');
      expect(world.mockNanoUsd()).toBeGreaterThan(0);
    });
  });

  it('has its body passed on byte for byte to a Claude model, parameters that Tollgate does not know included', async () => {
    const body = { model: CLAUDE, ...ASK_MESSAGES, metadata: { user_id: 'ü€' }, brand_new: [1, 2.5, null] };
    await createAnthropic(world).messages.create(body);
    expect(world.mock.requests[0]?.bodyText).toBe(JSON.stringify(body));
    expect(world.mock.requests[0]?.headers).toMatchObject({
      'x-api-key': 'sk-ant-upstream',
      'anthropic-version': expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      'x-client-request-id': expect.stringMatching(UUID_V7),
    });
    expect(world.mock.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('counts tokens for nothing', async () => {
    const { messages } = ASK_MESSAGES;
    const count = await createAnthropic(world, 'counter').messages.countTokens({ model: CLAUDE, messages });
    expect(count).toEqual({ input_tokens: PROMPT_TOKENS });
    expect(world.mock.bill().calls).toBe(0);
    const rows = await eventually(
      () => world.ledgerRows('counter'),
      (all) => expect(all).toHaveLength(1),
    );
    expect(rows).toEqual([
      {
        status: 'completed',
        errorCode: null,
        usageSource: 'none',
        inputTokens: 0,
        outputTokens: 0,
        costNanoUsd: 0,
        streamed: false,
      },
    ]);
  });

  it('is told that tokens are counted for Claude models alone', async () => {
    const { messages } = ASK_MESSAGES;
    const error = await anthropicErrorOf(
      createAnthropic(world).messages.countTokens({ model: GPT, messages }),
    );
    expect(error).toMatchObject({
      status: 400,
      error: { error: { code: 'wire_not_supported', param: 'model' } },
    });
    expect(upstreamBodies()).toEqual([]);
  });

  it('is told by name what another wire cannot say', async () => {
    const params = { ...ASK_MESSAGES, model: GPT, top_k: 5 };
    const error = await anthropicErrorOf(createAnthropic(world).messages.create(params));
    expect(error).toMatchObject({
      status: 400,
      error: {
        type: 'error',
        error: { type: 'invalid_request_error', code: 'parameter_not_translatable', param: 'top_k' },
      },
    });
    expect(upstreamBodies()).toEqual([]);
  });
});
