import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  APIConnectionError,
  APIConnectionTimeoutError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
  type APIError,
} from 'openai';
import { ASK, UUID_V7, createClient, errorOf } from '../testing/openai-client.js';
import { API_KEY, World } from '../testing/world.js';

const CLOSED_PORT = 9;

describe('errors of the official openai client', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create({
      gateways: 1,
      tenants: {
        picky: { ALLOWED_MODELS: ASK.model },
        slow: { RATE_LIMIT: '1' },
        poor: { BUDGET_CENTS: '0' },
      },
    });
  });
  afterAll(() => world.close());
  beforeEach(() => world.mock.reset());

  describe('when the gateway refuses', () => {
    const fail = (tenantId: string, params: object = {}): Promise<APIError> =>
      errorOf(createClient(world, tenantId).chat.completions.create({ ...ASK, ...params }));

    it('throws BadRequestError for a bad parameter', async () => {
      const error = await fail('acme', { n: 0 });
      expect(error).toBeInstanceOf(BadRequestError);
      expect(error).toMatchObject({
        status: 400,
        code: 'invalid_request',
        param: 'n',
        type: 'invalid_request_error',
        requestID: expect.stringMatching(UUID_V7),
      });
    });

    it('throws AuthenticationError for an unknown key', async () => {
      const client = createClient(world, 'acme', { apiKey: `${API_KEY}x` });
      const error = await errorOf(client.chat.completions.create(ASK));
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(error).toMatchObject({
        status: 401,
        code: 'invalid_api_key',
        error: { message: expect.any(String) },
      });
      expect(JSON.stringify(error.error)).not.toContain(API_KEY);
    });

    it('throws PermissionDeniedError for a model that the tenant may not use', async () => {
      const error = await fail('picky', { model: 'gpt-4o' });
      expect(error).toBeInstanceOf(PermissionDeniedError);
      expect(error).toMatchObject({ status: 403, code: 'model_not_allowed', param: 'model' });
    });

    it('throws NotFoundError for a model that does not exist', async () => {
      const error = await fail('acme', { model: 'gpt-nothing' });
      expect(error).toBeInstanceOf(NotFoundError);
      expect(error).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
    });

    it('throws RateLimitError with the time to wait when the tenant is too fast', async () => {
      await createClient(world, 'slow').chat.completions.create(ASK);
      const error = await fail('slow');
      expect(error).toBeInstanceOf(RateLimitError);
      expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_error' });
      expect(Number(error.headers?.get('retry-after'))).toBeGreaterThanOrEqual(58);
      expect(Number(error.headers?.get('retry-after'))).toBeLessThanOrEqual(60);
      expect(error.headers?.get('x-should-retry')).toBeNull();
    });

    it('throws RateLimitError without retrying when the budget is spent', async () => {
      let requests = 0;
      const client = createClient(world, 'poor', {
        maxRetries: 2,
        fetch: (input, init) => {
          requests += 1;
          return fetch(input, init);
        },
      });
      const error = await errorOf(client.chat.completions.create(ASK));
      expect(error).toBeInstanceOf(RateLimitError);
      expect(error).toMatchObject({ status: 429, code: 'insufficient_quota', type: 'insufficient_quota' });
      expect(error.headers?.get('x-should-retry')).toBe('false');
      expect(requests).toBe(1);
      expect(world.mock.requests).toEqual([]);
    });
  });

  describe('when the model provider fails', () => {
    const fail = (): Promise<APIError> => errorOf(createClient(world).chat.completions.create(ASK));

    it('throws UnprocessableEntityError with the model provider’s own words', async () => {
      world.mock.behave({ status: 422 });
      const error = await fail();
      expect(error).toBeInstanceOf(UnprocessableEntityError);
      expect(error).toMatchObject({
        status: 422,
        error: {
          message: 'Cannot process the request.',
          type: 'invalid_request_error',
          param: null,
          code: 'unprocessable_entity',
        },
      });
    });

    it('throws ConflictError for a conflict', async () => {
      world.mock.behave({ status: 409 });
      expect(await fail()).toBeInstanceOf(ConflictError);
    });

    it.each([{ status: 500 }, { garbage: 'html' }, { garbage: 'truncated-json' }] as const)(
      'throws InternalServerError for %j',
      async (behaviour) => {
        world.mock.behave(behaviour);
        const error = await fail();
        expect(error).toBeInstanceOf(InternalServerError);
        expect(error.status).toBe(502);
        expect(error.code).toBe('status' in behaviour ? 'upstream_error' : 'upstream_invalid_response');
      },
    );

    it('throws an APIError out of a stream that breaks off, after the chunks that came', async () => {
      world.mock.behave({ cutAfterChunks: 2 });
      const stream = await createClient(world).chat.completions.create({ ...ASK, stream: true });
      const texts: string[] = [];
      const reading = (async (): Promise<void> => {
        for await (const chunk of stream) texts.push(chunk.choices[0]?.delta.content ?? '');
      })();
      expect(await errorOf(reading)).toMatchObject({ code: 'upstream_error', type: 'api_error' });
      expect(texts).toEqual(['', 'word1 ', 'word2 ']);
    });
  });

  describe('when the connection fails', () => {
    it('throws APIConnectionError where nobody listens', async () => {
      const client = createClient(world, 'acme', { baseURL: `http://127.0.0.1:${CLOSED_PORT}/v1` });
      expect(await errorOf(client.chat.completions.create(ASK))).toBeInstanceOf(APIConnectionError);
    });

    it('throws APIConnectionTimeoutError when its own timeout is over', async () => {
      world.mock.behave({ latencyMs: 300 });
      // Jest's realm has an Error of its own, and the client looks at nothing that is not one.
      const client = createClient(world, 'acme', {
        fetch: (input, init) =>
          fetch(input, init).catch((error: Error) => {
            throw Object.assign(new Error(error.message), { name: error.name });
          }),
      });
      const call = client.chat.completions.create(ASK, { timeout: 100 });
      expect(await errorOf(call)).toBeInstanceOf(APIConnectionTimeoutError);
      await world.mock.waitForIdle();
    });
  });
});
