import { createAnthropic as createAnthropicProvider } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HumanMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages';
import { tool as langchainTool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { Output, embedMany, generateText, stepCountIs, streamText, tool, type LanguageModel } from 'ai';
import { z } from 'zod';
import { CLAUDE } from '../testing/anthropic-client.js';
import { apiKeyOf, World } from '../testing/world.js';

const GPT = 'gpt-4o-mini';
const PROMPT = 'Is it cold?';
// Its Anthropic half asks for all that a model can say unless told otherwise, which is more than the gateway's usual limit.
const ASK = { prompt: PROMPT, maxOutputTokens: 1000, maxRetries: 0 };
const CITIES = ['Bern', 'Zürich'];
const TOOL_CALLS = CITIES.map((city) => ({ name: 'weather', arguments: { city } }));
const WEATHER = z.object({ city: z.string(), degrees: z.number() });

describe('client frameworks', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create({ gateways: 1 });
  });
  afterAll(() => world.close());
  beforeEach(() => world.mock.reset());

  const access = (): { apiKey: string; baseURL: string } => ({
    apiKey: apiKeyOf('acme'),
    baseURL: `${world.gateways[0]?.url}/v1`,
  });
  const paths = (): unknown[] => world.mock.requests.map(({ path }) => path);

  describe.each([
    ['@ai-sdk/openai', GPT, '/v1/chat/completions', (id: string) => createOpenAI(access()).chat(id)],
    ['@ai-sdk/openai', CLAUDE, '/v1/messages', (id: string) => createOpenAI(access()).chat(id)],
    ['@ai-sdk/anthropic', CLAUDE, '/v1/messages', (id: string) => createAnthropicProvider(access())(id)],
    ['@ai-sdk/anthropic', GPT, '/v1/chat/completions', (id: string) => createAnthropicProvider(access())(id)],
  ] as const)('the AI SDK with %s and the model %s', (_, id, path, modelOf) => {
    // A model provider of these is of the same make whatever its wire is.
    const model = (): LanguageModel => modelOf(id);

    it('generates text, and counts what it used', async () => {
      world.mock.behave({ content: 'Good morning.', promptTokens: 10 });
      const { text, finishReason, usage } = await generateText({
        model: model(),
        ...ASK,
      });
      expect({ text, finishReason }).toEqual({ text: 'Good morning.', finishReason: 'stop' });
      expect(usage).toMatchObject({ inputTokens: 10, outputTokens: 4 });
      expect(paths()).toEqual([path]);
    });

    it('streams text, and counts what it used', async () => {
      world.mock.behave({ chunks: 3, promptTokens: 10 });
      const result = streamText({ model: model(), ...ASK });
      const texts = await Array.fromAsync(result.textStream);
      expect(texts.join('')).toBe('word1 word2 word3 ');
      expect(await result.usage).toMatchObject({ inputTokens: 10, outputTokens: 3 });
    });

    it('runs parallel tools over several turns', async () => {
      world.mock.behave({ toolCalls: TOOL_CALLS, content: 'It is cold in both.' });
      const asked: string[] = [];
      const weather = tool({
        description: 'The weather in a city.',
        inputSchema: z.object({ city: z.string() }),
        execute: ({ city }) => {
          asked.push(city);
          return Promise.resolve(`7 degrees in ${city}`);
        },
      });
      const { text } = await generateText({
        model: model(),
        ...ASK,
        tools: { weather },
        stopWhen: stepCountIs(3),
      });
      expect(text).toBe('It is cold in both.');
      expect(asked).toEqual(CITIES);
      expect(paths()).toEqual([path, path]);
    });

    it('gets an object in the form that it asked for', async () => {
      world.mock.behave({ content: '{"city":"Bern","degrees":7}' });
      const { output } = await generateText({
        model: model(),
        ...ASK,
        output: Output.object({ schema: WEATHER }),
      });
      expect(output).toEqual({ city: 'Bern', degrees: 7 });
    });
  });

  it('embed with the AI SDK', async () => {
    const { embeddings, usage } = await embedMany({
      model: createOpenAI(access()).embedding('text-embedding-3-small'),
      values: ['abcdefgh', 'abcd'],
      maxRetries: 0,
    });
    expect(embeddings.map((vector) => vector.slice(0, 2))).toEqual([
      [1, 0.5],
      [0.5, Math.fround(1 / 3)],
    ]);
    expect(usage).toMatchObject({ tokens: 3 });
  });

  describe.each([GPT, CLAUDE])('LangChain with the model %s', (model) => {
    const chat = (): ChatOpenAI => {
      const { apiKey, baseURL } = access();
      return new ChatOpenAI({ model, apiKey, configuration: { baseURL }, maxRetries: 0 });
    };

    it('asks and streams', async () => {
      world.mock.behave({ chunks: 3, promptTokens: 10 });
      const answer = await chat().invoke(PROMPT);
      expect(answer.content).toBe('word1 word2 word3 ');
      expect(answer.usage_metadata).toMatchObject({ input_tokens: 10, output_tokens: 3 });
      const chunks = await Array.fromAsync(await chat().stream(PROMPT));
      expect(chunks.map(({ text }) => text).join('')).toBe('word1 word2 word3 ');
    });

    it('runs parallel tools over several turns', async () => {
      world.mock.behave({ toolCalls: TOOL_CALLS, content: 'It is cold in both.' });
      const weather = langchainTool(({ city }: { city: string }) => `7 degrees in ${city}`, {
        name: 'weather',
        schema: z.object({ city: z.string() }),
      });
      const bound = chat().bindTools([weather]);
      const history: BaseMessage[] = [new HumanMessage(PROMPT)];
      const first = await bound.invoke(history);
      expect(first.tool_calls?.map(({ args }) => args)).toEqual(CITIES.map((city) => ({ city })));
      const results = await Promise.all(
        (first.tool_calls ?? []).map((call) => weather.invoke({ ...call, type: 'tool_call' })),
      );
      expect(results.every((result) => result instanceof ToolMessage)).toBe(true);
      const second = await bound.invoke([...history, first, ...(results as ToolMessage[])]);
      expect(second.content).toBe('It is cold in both.');
    });

    it('gets an object in the form that it asked for', async () => {
      world.mock.behave({ content: '{"city":"Bern","degrees":7}' });
      const structured = chat().withStructuredOutput(WEATHER, { method: 'jsonSchema' });
      expect(await structured.invoke(PROMPT)).toEqual({ city: 'Bern', degrees: 7 });
    });
  });

  it('embed with LangChain', async () => {
    const { apiKey, baseURL } = access();
    const embeddings = new OpenAIEmbeddings({
      model: 'text-embedding-3-small',
      dimensions: 2,
      apiKey,
      configuration: { baseURL },
      maxRetries: 0,
    });
    expect(await embeddings.embedDocuments(['abcdefgh', 'abcd'])).toEqual([
      [1, 0.5],
      [0.5, Math.fround(1 / 3)],
    ]);
  });
});
