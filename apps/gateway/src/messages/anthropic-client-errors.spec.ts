import {
  APIConnectionError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
  type APIError,
} from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ASK_MESSAGES, CLAUDE, anthropicErrorOf, createAnthropic } from '../testing/anthropic-client.js';
import { UUID_V7 } from '../testing/openai-client.js';
import { API_KEY, World } from '../testing/world.js';

describe('errors of the official Anthropic client', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create({
      gateways: 1,
      env: { UPSTREAM_MAX_TRIES: '1', BREAKER_FAILURE_PERCENT: '0' },
      tenants: {
        picky: { ALLOWED_MODELS: CLAUDE },
        slow: { RATE_LIMIT: '1' },
        poor: { BUDGET_CENTS: '0' },
      },
    });
  });
  afterAll(() => world.close());
  beforeEach(() => world.mock.reset());

  const fail = (tenantId: string, params: object = {}): Promise<APIError> =>
    anthropicErrorOf(
      createAnthropic(world, tenantId).messages.create({ ...ASK_MESSAGES, model: CLAUDE, ...params }),
    );
  /** The body of an error, in Anthropic's envelope with our code. */
  const envelope = (type: string, code: string, more: object = {}): object => ({
    type: 'error',
    error: { type, message: expect.any(String), code, ...more },
    request_id: expect.stringMatching(UUID_V7),
  });

  it('is BadRequestError for a bad parameter', async () => {
    const error = await fail('acme', { max_tokens: 0 });
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error.error).toEqual(
      envelope('invalid_request_error', 'invalid_request', { param: 'max_tokens' }),
    );
    expect(error.requestID).toMatch(UUID_V7);
  });

  it('is AuthenticationError for an unknown key, which is not repeated', async () => {
    const client = createAnthropic(world, 'acme', { apiKey: `${API_KEY}x` });
    const error = await anthropicErrorOf(client.messages.create({ ...ASK_MESSAGES, model: CLAUDE }));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.error).toEqual(envelope('authentication_error', 'invalid_api_key'));
    expect(JSON.stringify(error.error)).not.toContain(API_KEY);
  });

  it('is PermissionDeniedError for a model that the tenant may not use', async () => {
    const error = await fail('picky', { model: 'gpt-4o' });
    expect(error).toBeInstanceOf(PermissionDeniedError);
    expect(error.error).toEqual(envelope('permission_error', 'model_not_allowed', { param: 'model' }));
  });

  it('is NotFoundError for a model that does not exist', async () => {
    const error = await fail('acme', { model: 'claude-nothing' });
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error.error).toEqual(envelope('not_found_error', 'model_not_found', { param: 'model' }));
  });

  it('is RateLimitError with the time to wait when the tenant is too fast', async () => {
    await createAnthropic(world, 'slow').messages.create({ ...ASK_MESSAGES, model: CLAUDE });
    const error = await fail('slow');
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error.error).toMatchObject(
      envelope('rate_limit_error', 'rate_limit_exceeded', {
        scope: 'tenant',
        limit: 1,
        retry_after_ms: expect.any(Number),
      }),
    );
    expect(Number(error.headers?.get('retry-after'))).toBeGreaterThanOrEqual(58);
  });

  it('is RateLimitError without a retry when the budget is spent', async () => {
    let requests = 0;
    const client = createAnthropic(world, 'poor', {
      maxRetries: 2,
      fetch: (input, init) => {
        requests += 1;
        return fetch(input, init);
      },
    });
    const error = await anthropicErrorOf(client.messages.create({ ...ASK_MESSAGES, model: CLAUDE }));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error.error).toMatchObject(envelope('rate_limit_error', 'insufficient_quota', { limit: 0 }));
    expect(error.headers?.get('x-should-retry')).toBe('false');
    expect(requests).toBe(1);
    expect(world.mock.requests).toEqual([]);
  });

  describe.each([
    [CLAUDE, 'Unprocessable request'],
    ['gpt-4o-mini', 'Cannot process the request.'],
  ])('with the model %s', (model, words) => {
    it('is UnprocessableEntityError with the model provider’s own words', async () => {
      world.mock.behave({ status: 422 });
      const error = await fail('acme', { model });
      expect(error).toBeInstanceOf(UnprocessableEntityError);
      expect(error.error).toMatchObject({
        type: 'error',
        error: { type: 'invalid_request_error', message: words },
      });
      expect(error.requestID).toMatch(UUID_V7);
    });

    it.each([
      [{ status: 500 }, 502, 'api_error', 'upstream_error'],
      [{ status: 401 }, 502, 'api_error', 'upstream_authentication_failed'],
      [{ garbage: 'html' }, 502, 'api_error', 'upstream_invalid_response'],
      [{ garbage: 'truncated-json' }, 502, 'api_error', 'upstream_invalid_response'],
    ] as const)('is InternalServerError for %j', async (behaviour, status, type, code) => {
      world.mock.behave(behaviour);
      const error = await fail('acme', { model });
      expect(error).toBeInstanceOf(InternalServerError);
      expect(error.status).toBe(status);
      expect(error.error).toMatchObject(envelope(type, code));
    });

    it('is RateLimitError with the time to wait when the model provider is too busy', async () => {
      world.mock.behave({ status: 429, retryAfterSeconds: 7 });
      const error = await fail('acme', { model });
      expect([error.status, error.headers?.get('retry-after')]).toEqual([429, '7']);
      expect(error.error).toMatchObject(envelope('rate_limit_error', 'upstream_rate_limited'));
    });

    it('comes out of a stream that breaks off, after the text that came', async () => {
      world.mock.behave({ cutAfterChunks: 2 });
      const texts: string[] = [];
      const stream = createAnthropic(world).messages.stream({ ...ASK_MESSAGES, model });
      stream.on('text', (text) => texts.push(text));
      const error = await anthropicErrorOf(stream.finalMessage());
      expect(error.error).toMatchObject({
        type: 'error',
        error: { type: 'api_error', code: 'upstream_error' },
      });
      expect(texts).toEqual(['word1 ', 'word2 ']);
    });
  });

  it('is APIConnectionError where nobody listens', async () => {
    const client = createAnthropic(world, 'acme', { baseURL: 'http://127.0.0.1:9' });
    const error = await anthropicErrorOf(client.messages.create({ ...ASK_MESSAGES, model: CLAUDE }));
    expect(error).toBeInstanceOf(APIConnectionError);
  });
});
