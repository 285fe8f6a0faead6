import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOpenAI } from '@ai-sdk/openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateText, stepCountIs, streamText, tool, type LanguageModel } from 'ai';
import { z } from 'zod';
import { createClient, errorOf } from '../testing/openai-client.js';
import { apiKeyOf, World } from '../testing/world.js';

const USAGE = {
  input_tokens: 20,
  input_tokens_details: { cached_tokens: 10 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 25,
};
/** 10 fresh tokens at 150 nano-USD, 10 cached ones at 75, 5 of output at 600. */
const COST_NANO_USD = 10 * 150 + 10 * 75 + 5 * 600;
const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: 'Hello there', annotations: [] }],
};
const RESPONSE = { id: 'resp_1', object: 'response', status: 'completed', output: [MESSAGE], usage: USAGE };
const delta = (text: string): object => ({
  type: 'response.output_text.delta',
  delta: text,
  output_index: 0,
});
const sse = (...events: object[]): string =>
  events
    .map((event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');

/** A model provider that answers with what it is given, and keeps the bodies it was sent. */
class Scripted {
  readonly bodies: Record<string, unknown>[] = [];
  answer: { type: string; body: string; cut?: boolean } = { type: 'application/json', body: '' };
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Scripted> {
    const scripted: Scripted = new Scripted(
      createServer((request, response) => {
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', () => {
          scripted.bodies.push(JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>);
          const { type, body, cut } = scripted.answer;
          response.writeHead(200, { 'content-type': type });
          if (cut) response.write(body, () => response.destroy());
          else response.end(body);
        });
      }),
    );
    await new Promise<void>((resolve) => scripted.server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('POST /v1/responses', () => {
  let upstream: Scripted;
  let world: World;

  beforeAll(async () => {
    upstream = await Scripted.start();
    world = await World.create({ gateways: 1, env: { OPENAI_BASE_URL: `${upstream.url}/v1` } });
  });
  afterAll(async () => {
    await world.close();
    await upstream.close();
  });
  beforeEach(() => {
    upstream.bodies.length = 0;
    upstream.answer = { type: 'application/json', body: JSON.stringify(RESPONSE) };
  });

  const ask = { model: 'gpt-4o-mini', input: 'Say hello.', max_output_tokens: 50 };

  it('passes a response through, has it stored nowhere, and bills it', async () => {
    const before = await world.quietNanoUsd();
    const { data, response } = await createClient(world).responses.create(ask).withResponse();
    expect(data).toMatchObject(RESPONSE);
    expect(upstream.bodies).toEqual([{ store: false, ...ask }]);
    expect(response.headers.get('x-tollgate-cost-usd')).toBe('0.00000525');
    expect((await world.quietNanoUsd()) - before).toBe(COST_NANO_USD);
  });

  it('caps the output of a request without a cap', async () => {
    await createClient(world).responses.create({
      model: ask.model,
      input: [{ role: 'user', content: 'Hi' }],
    });
    expect(upstream.bodies[0]).toMatchObject({ store: false, max_output_tokens: 16_000 });
  });

  it('streams every event as it is, and bills what the last one says', async () => {
    const before = await world.quietNanoUsd();
    const events = [delta('Hello'), delta(' there'), { type: 'response.completed', response: RESPONSE }];
    upstream.answer = { type: 'text/event-stream', body: sse(...events) };
    const stream = await createClient(world).responses.create({ ...ask, stream: true });
    expect(await Array.fromAsync(stream)).toMatchObject(events);
    expect((await world.quietNanoUsd()) - before).toBe(COST_NANO_USD);
  });

  it('ends a stream that was cut with an error event, and counts what came', async () => {
    upstream.answer = { type: 'text/event-stream', body: sse(delta('Hello'), delta(' there')), cut: true };
    const seen: unknown[] = [];
    const failed = await errorOf(
      (async () => {
        for await (const event of await createClient(world).responses.create({ ...ask, stream: true }))
          seen.push(event);
      })(),
    );
    expect(seen.slice(0, 2)).toMatchObject([delta('Hello'), delta(' there')]);
    expect(failed.message).toContain('failed');
    await world.quietNanoUsd();
    const rows = await world.ledgerRows();
    expect(rows.at(-1)).toMatchObject({ status: 'failed', usageSource: 'counted', outputTokens: 2 });
  });

  const aiSdkRequest = (): {
    model: LanguageModel;
    prompt: string;
    maxOutputTokens: number;
    maxRetries: number;
  } => {
    const openai = createOpenAI({ apiKey: apiKeyOf('acme'), baseURL: `${world.gateways[0]?.url}/v1` });
    return { model: openai(ask.model), prompt: ask.input, maxOutputTokens: 50, maxRetries: 0 };
  };

  it('is what the AI SDK asks by default, plain and streamed', async () => {
    const request = aiSdkRequest();
    const before = await world.quietNanoUsd();
    upstream.answer.body = JSON.stringify({ ...RESPONSE, created_at: 1, model: ask.model });
    const { text, usage } = await generateText(request);
    expect(text).toBe('Hello there');
    expect(usage).toMatchObject({ inputTokens: 20, outputTokens: 5 });
    const added = { output_index: 0, item: { type: 'message', id: 'msg_1' } };
    upstream.answer = {
      type: 'text/event-stream',
      body: sse(
        { type: 'response.created', response: { id: 'resp_1', created_at: 1, model: ask.model } },
        { type: 'response.output_item.added', ...added },
        { ...delta('Hello'), item_id: 'msg_1' },
        { ...delta(' there'), item_id: 'msg_1' },
        { type: 'response.output_item.done', ...added },
        { type: 'response.completed', response: RESPONSE },
      ),
    };
    const streamed = streamText(request);
    expect((await Array.fromAsync(streamed.textStream)).join('')).toBe('Hello there');
    expect(await streamed.usage).toMatchObject({ inputTokens: 20, outputTokens: 5 });
    expect(upstream.bodies).toMatchObject([
      { store: false, model: ask.model, max_output_tokens: 50 },
      { store: false, model: ask.model, max_output_tokens: 50, stream: true },
    ]);
    expect((await world.quietNanoUsd()) - before).toBe(2 * COST_NANO_USD);
  });

  it('lets the AI SDK run tools over several turns when it is told that nothing is stored', async () => {
    const call = {
      type: 'function_call',
      id: 'fc_1',
      call_id: 'call_1',
      name: 'weather',
      arguments: '{"city":"Bern"}',
    };
    const head = { created_at: 1, model: ask.model };
    upstream.answer.body = JSON.stringify({ ...RESPONSE, ...head, output: [call] });
    const weather = tool({
      inputSchema: z.object({ city: z.string() }),
      execute: ({ city }) => {
        upstream.answer.body = JSON.stringify({ ...RESPONSE, ...head });
        return `7 degrees in ${city}`;
      },
    });
    const { text } = await generateText({
      ...aiSdkRequest(),
      tools: { weather },
      stopWhen: stepCountIs(3),
      providerOptions: { openai: { store: false } },
    });
    expect(text).toBe('Hello there');
    expect(upstream.bodies[1]).toMatchObject({
      store: false,
      input: [
        { role: 'user' },
        { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Bern"}' },
        { type: 'function_call_output', call_id: 'call_1', output: '7 degrees in Bern' },
      ],
    });
  });

  it.each<[string, object]>([
    ['previous_response_id', { previous_response_id: 'resp_of_another_tenant' }],
    ['conversation', { conversation: 'conv_1' }],
    ['prompt', { prompt: { id: 'pmpt_1' } }],
    ['store', { store: true }],
    ['background', { background: true }],
    ['input.0', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
    ['tools.1', { tools: [{ type: 'function', name: 'f' }, { type: 'web_search' }] }],
    ['service_tier', { service_tier: 'priority' }],
  ])('refuses %s by name and asks nobody', async (param, more) => {
    const refused = await errorOf(createClient(world).responses.create({ ...ask, ...more } as never));
    expect([refused.status, refused.code, refused.param]).toEqual([400, 'parameter_not_supported', param]);
    expect(upstream.bodies).toEqual([]);
  });

  it('has no stored response to show', async () => {
    const refused = await errorOf(createClient(world).responses.retrieve('resp_1'));
    expect([refused.status, refused.code]).toEqual([404, 'route_not_found']);
  });

  it('refuses a model of a model provider that has no such wire', async () => {
    const env = { ...world.env, LLM_ADAPTER: 'auto', ANTHROPIC_API_KEY: 'sk-ant' };
    const gateway = await world.addGateway(env);
    const refused = await errorOf(
      createClient(world, 'acme', { baseURL: `${gateway.url}/v1` }).responses.create({
        ...ask,
        model: 'claude-sonnet-4-20250514',
      }),
    );
    expect([refused.status, refused.code]).toEqual([400, 'wire_not_supported']);
  });
});
