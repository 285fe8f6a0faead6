import { createAnthropic as createAnthropicProvider } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HumanMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { APICallError, generateText, streamText, type LanguageModel } from 'ai';
import { CLAUDE } from '../testing/anthropic-client.js';
import { eventually } from '../testing/eventually.js';
import { apiKeyOf, World } from '../testing/world.js';

const GPT = 'gpt-4o-mini';
const PROMPT = 'What is it?';
const PIXEL = 'iVBORw0KGgo=';
const PNG_URL = `data:image/png;base64,${PIXEL}`;
const SEEN_BY_GPT = { type: 'image_url', image_url: { url: PNG_URL } };
const SEEN_BY_CLAUDE = {
  type: 'image',
  source: { type: 'base64', media_type: 'image/png', data: PIXEL },
};

describe('client frameworks with images, failures and second thoughts', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create({
      gateways: 1,
      env: { UPSTREAM_MAX_TRIES: '1', BREAKER_FAILURE_PERCENT: '0' },
      tenants: { picky: { ALLOWED_MODELS: 'gpt-4o' }, poor: { BUDGET_CENTS: '0' }, leaver: {} },
    });
  });
  afterAll(() => world.close());
  beforeEach(() => world.mock.reset());

  const access = (tenantId: string): { apiKey: string; baseURL: string } => ({
    apiKey: apiKeyOf(tenantId),
    baseURL: `${world.gateways[0]?.url}/v1`,
  });
  const shownUpstream = (model: string): unknown => [
    {
      messages: [
        {
          role: 'user',
          content: [{ type: 'text', text: PROMPT }, model === CLAUDE ? SEEN_BY_CLAUDE : SEEN_BY_GPT],
        },
      ],
    },
  ];
  const sentUpstream = (): unknown[] => world.mock.requests.map(({ body }) => body);

  /** Aborts a stream after its fourth word, and expects the ledger to tell the same as the bill. */
  async function expectAbortBilled(readFourWords: () => Promise<void>): Promise<void> {
    world.mock.behave({ stallAfterChunks: 4 });
    const before = (await world.ledgerRows('leaver')).length;
    await readFourWords();
    await world.mock.waitForIdle();
    const rows = await eventually(
      () => world.ledgerRows('leaver'),
      (all) => expect(all).toHaveLength(before + 1),
    );
    expect(rows.at(-1)).toMatchObject({ status: 'aborted', usageSource: 'counted', streamed: true });
    const [served] = world.mock.bill().byRequest.values();
    expect(served).toMatchObject({ status: 'aborted', streamedContent: 'word1 word2 word3 word4 ' });
  }

  describe.each([
    ['@ai-sdk/openai', GPT, (id: string, tenantId: string) => createOpenAI(access(tenantId)).chat(id)],
    ['@ai-sdk/openai', CLAUDE, (id: string, tenantId: string) => createOpenAI(access(tenantId)).chat(id)],
    [
      '@ai-sdk/anthropic',
      CLAUDE,
      (id: string, tenantId: string) => createAnthropicProvider(access(tenantId))(id),
    ],
    [
      '@ai-sdk/anthropic',
      GPT,
      (id: string, tenantId: string) => createAnthropicProvider(access(tenantId))(id),
    ],
  ] as const)('the AI SDK with %s and the model %s', (_, id, modelOf) => {
    const ask = (
      tenantId = 'acme',
    ): { model: LanguageModel; maxOutputTokens: number; maxRetries: number } => ({
      model: modelOf(id, tenantId),
      maxOutputTokens: 1000,
      maxRetries: 0,
    });
    const errorOf = async (tenantId?: string): Promise<unknown> =>
      generateText({ ...ask(tenantId), prompt: PROMPT }).then(
        () => {
          throw new Error('the call was not refused');
        },
        (error: unknown) => error,
      );

    it('shows an image', async () => {
      await generateText({
        ...ask(),
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: PROMPT },
              { type: 'file', data: PIXEL, mediaType: 'image/png' },
            ],
          },
        ],
      });
      expect(sentUpstream()).toMatchObject(shownUpstream(id) as object[]);
    });

    it('ends the upstream call when it aborts a stream, and is billed for what was streamed', () =>
      expectAbortBilled(async () => {
        const abort = new AbortController();
        const result = streamText({ ...ask('leaver'), prompt: PROMPT, abortSignal: abort.signal });
        let text = '';
        const kinds: string[] = [];
        for await (const part of result.fullStream) {
          kinds.push(part.type);
          if (part.type === 'text-delta') text += part.text;
          if (text === 'word1 word2 word3 word4 ') abort.abort();
        }
        expect(kinds.at(-1)).toBe('abort');
      }));

    it.each([
      ['an unknown key', 'nobody', 401, false],
      ['a model that the tenant may not use', 'picky', 403, false],
      ['a budget that is spent', 'poor', 429, true],
    ])('throws APICallError for %s', async (_what, tenantId, statusCode, isRetryable) => {
      const error = await errorOf(tenantId);
      expect(APICallError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ statusCode, isRetryable });
      expect(sentUpstream()).toEqual([]);
    });

    it.each([
      [{ status: 422 }, 422, false],
      [{ status: 500 }, 502, true],
      [{ garbage: 'html' }, 502, true],
    ] as const)(
      'throws APICallError for a model provider with %j',
      async (behaviour, statusCode, isRetryable) => {
        world.mock.behave(behaviour);
        const error = await errorOf();
        expect(APICallError.isInstance(error)).toBe(true);
        expect(error).toMatchObject({ statusCode, isRetryable });
      },
    );
  });

  describe.each([GPT, CLAUDE])('LangChain with the model %s', (model) => {
    const chat = (tenantId = 'acme'): ChatOpenAI => {
      const { apiKey, baseURL } = access(tenantId);
      return new ChatOpenAI({ model, apiKey, configuration: { baseURL }, maxRetries: 0 });
    };
    const errorOf = async (tenantId?: string): Promise<unknown> =>
      chat(tenantId)
        .invoke(PROMPT)
        .then(
          () => {
            throw new Error('the call was not refused');
          },
          (error: unknown) => error,
        );

    it('shows an image', async () => {
      await chat().invoke([
        new HumanMessage({
          content: [
            { type: 'text', text: PROMPT },
            { type: 'image_url', image_url: { url: PNG_URL } },
          ],
        }),
      ]);
      expect(sentUpstream()).toMatchObject(shownUpstream(model) as object[]);
    });

    it('ends the upstream call when it aborts a stream, and is billed for what was streamed', () =>
      expectAbortBilled(async () => {
        const abort = new AbortController();
        const stream = await chat('leaver').stream(PROMPT, { signal: abort.signal });
        let text = '';
        const reading = (async () => {
          for await (const chunk of stream) {
            text += chunk.text;
            if (text === 'word1 word2 word3 word4 ') abort.abort();
          }
        })();
        await expect(reading).rejects.toThrow(/abort/i);
      }));

    it.each([
      ['an unknown key', 'nobody', 401, 'invalid_api_key'],
      ['a model that the tenant may not use', 'picky', 403, 'model_not_allowed'],
      ['a budget that is spent', 'poor', 429, 'insufficient_quota'],
    ])("throws OpenAI's error for %s", async (_, tenantId, status, code) => {
      expect(await errorOf(tenantId)).toMatchObject({ status, code });
      expect(sentUpstream()).toEqual([]);
    });

    it.each([
      [{ status: 422 }, 422, model === GPT ? 'unprocessable_entity' : 'upstream_refused'],
      [{ status: 500 }, 502, 'upstream_error'],
      [{ garbage: 'html' }, 502, 'upstream_invalid_response'],
    ] as const)("throws OpenAI's error for a model provider with %j", async (behaviour, status, code) => {
      world.mock.behave(behaviour);
      expect(await errorOf()).toMatchObject({ status, code });
    });
  });
});
