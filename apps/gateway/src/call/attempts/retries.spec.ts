import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MockBehaviour } from '@tollgate/mock-model-provider';
import { ASK_MESSAGES, CLAUDE } from '../../testing/anthropic-client.js';
import { eventually } from '../../testing/eventually.js';
import { scrape, sumOf } from '../../testing/metrics-text.js';
import { ASK, PROMPT_TOKENS } from '../../testing/openai-client.js';
import { PRICE, PRICES, World, apiKeyOf } from '../../testing/world.js';

const GPT = ASK.model;
const COST = PROMPT_TOKENS * PRICE.input + 20 * PRICE.output;
const EVENTS_SQL = `
  SELECT attempt, model, status, error_code AS "errorCode", cost_nano_usd::int AS "costNanoUsd"
  FROM usage_events WHERE tenant_id = $1 ORDER BY latency_ms, attempt = 0`;

const failedTry = (attempt: number, errorCode: string, model = GPT): object => ({
  attempt,
  model,
  status: 'failed',
  errorCode,
  costNanoUsd: 0,
});

describe('a call whose model provider fails', () => {
  let world: World;
  let tenants = 0;
  let tenantId: string;

  beforeAll(async () => {
    world = await World.create({
      gateways: 1,
      env: { SSE_KEEPALIVE_SECONDS: '1', FIRST_BYTE_TIMEOUT_SECONDS: '2', BREAKER_FAILURE_PERCENT: '0' },
      tenants: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`t${index}`, {}])),
    });
    await world.addGateway({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' });
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.mock.reset();
    tenantId = `t${tenants++}`;
  });

  /** The behaviours of the calls in their order, and success after them. */
  function behaveInTurn(...behaviours: MockBehaviour[]): void {
    const rest = [...behaviours];
    world.mock.behave(() => rest.shift());
  }
  const call = (body: object = {}, gateway = 0, signal?: AbortSignal): Promise<Response> => {
    const headers = { authorization: `Bearer ${apiKeyOf(tenantId)}` };
    return world.chat(gateway, { ...ASK, ...body }, { headers, ...(signal && { signal }) });
  };
  /** The events of the one call of a tenant, oldest first. */
  const events = (count: number): Promise<unknown[]> =>
    eventually(
      async () => (await world.pool.query<object>(EVENTS_SQL, [tenantId])).rows,
      (rows) => expect(rows).toHaveLength(count),
    );

  it('is tried again until it is answered, billed once, and each try is in the ledger', async () => {
    behaveInTurn({ status: 500 }, { status: 503 });
    const response = await call();
    expect(response.status).toBe(200);
    expect(response.headers.get('x-tollgate-fallback')).toBeNull();
    expect(await events(3)).toEqual([
      failedTry(1, 'upstream_error'),
      failedTry(2, 'upstream_error'),
      { attempt: 0, model: GPT, status: 'completed', errorCode: null, costNanoUsd: COST },
    ]);
    expect(await world.quietNanoUsd(undefined, tenantId)).toBe(COST);
    const [served] = world.mock.bill().byRequest.values();
    expect(served).toMatchObject({ attempts: 3, outputTokens: 20 });
    const tries = await scrape(world.gateways[0]?.url ?? '');
    expect(sumOf(tries, 'tollgate_failed_tries_total', { model: GPT })).toBeGreaterThanOrEqual(2);
  });

  it('is tried again no sooner than the model provider asks for', async () => {
    behaveInTurn({ status: 429, retryAfterSeconds: 1 });
    const startedMs = performance.now();
    expect((await call()).status).toBe(200);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(995);
    expect(await events(2)).toMatchObject([failedTry(1, 'upstream_rate_limited'), { attempt: 0 }]);
  });

  it('is not made to wait longer than its client would', async () => {
    world.mock.behave({ status: 429, retryAfterSeconds: 60 });
    const response = await call();
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '60']);
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_rate_limited' } });
    expect(await events(1)).toEqual([failedTry(0, 'upstream_rate_limited')]);
  });

  it('is given up after the last try, and costs nothing', async () => {
    world.mock.behave({ status: 500 });
    const response = await call();
    expect([response.status, response.headers.get('x-tollgate-cost-usd')]).toEqual([502, '0']);
    expect(await events(3)).toEqual([1, 2, 0].map((attempt) => failedTry(attempt, 'upstream_error')));
    expect(await world.quietNanoUsd(undefined, tenantId)).toBe(0);
  });

  it('is tried again where nobody listens', async () => {
    const response = await call({}, 1);
    expect([response.status, await response.json()]).toMatchObject([
      502,
      { error: { code: 'upstream_error' } },
    ]);
    expect(await events(3)).toEqual([1, 2, 0].map((attempt) => failedTry(attempt, 'upstream_error')));
  });

  it('is not tried again for what the model provider refuses', async () => {
    world.mock.behave({ status: 422 });
    expect((await call()).status).toBe(422);
    expect(await events(1)).toEqual([failedTry(0, 'upstream_refused')]);
    expect(world.mock.requests).toHaveLength(1);
  });

  it.each([
    ['an answer that was cut off', { cutBeforeBody: true }, {}],
    ['an answer that never came', { silent: true }, {}],
    ['a stream that broke off', { cutAfterChunks: 1 }, { stream: true }],
  ] as const)('is not tried again after %s, which may have been billed', async (_, behaviour, body) => {
    world.mock.behave(behaviour);
    await (await call(body)).text();
    expect(world.mock.requests).toHaveLength(1);
    const [event] = await events(1);
    expect(event).toMatchObject({ attempt: 0, costNanoUsd: expect.any(Number) });
    expect(event).not.toMatchObject({ costNanoUsd: 0 });
  });

  it('keeps a stream alive while it waits and tries again, and then streams the answer', async () => {
    behaveInTurn({ status: 500, latencyMs: 1200 }, { chunks: 1 });
    const response = await call({ stream: true });
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toMatch(/^(: keep-alive\n\n)+data: \{[^]*"content":"word1 "[^]*data: \[DONE\]\n\n$/);
    expect(await events(2)).toMatchObject([
      failedTry(1, 'upstream_error'),
      { attempt: 0, status: 'completed' },
    ]);
  });

  it('tells of its failure in an event once a stream was kept alive', async () => {
    world.mock.behave({ status: 422, latencyMs: 1200 });
    const text = await (await call({ stream: true })).text();
    expect(text).toMatch(
      /^(: keep-alive\n\n)+data: \{"error":\{[^\n]*"code":"upstream_refused"[^\n]*\}\n\n$/,
    );
  });

  it('is not tried again when its client leaves during the wait', async () => {
    world.mock.behave({ status: 429, retryAfterSeconds: 9 });
    const controller = new AbortController();
    const leaving = call({ stream: true }, 0, controller.signal).catch(() => 'gone');
    await events(1);
    controller.abort();
    expect(await leaving).toBe('gone');
    expect(await events(2)).toEqual([
      failedTry(1, 'upstream_rate_limited'),
      { attempt: 0, model: GPT, status: 'aborted', errorCode: null, costNanoUsd: 0 },
    ]);
    expect(world.mock.requests).toHaveLength(1);
    expect(await world.quietNanoUsd(undefined, tenantId)).toBe(0);
  });

  describe('and whose tenant has a fallback model', () => {
    const claudeFails = (): void =>
      world.mock.behave(({ path }) => (path === '/v1/messages' ? { status: 529 } : undefined));

    it.each([false, true])(
      'is answered by that model, which the answer names (stream: %s)',
      async (stream) => {
        claudeFails();
        const response = await call({ model: CLAUDE, stream, max_completion_tokens: 100 });
        expect([response.status, response.headers.get('x-tollgate-fallback')]).toEqual([200, GPT]);
        await response.text();
        expect(await events(4)).toEqual([
          ...[1, 2, 3].map((attempt) => failedTry(attempt, 'upstream_error', CLAUDE)),
          { attempt: 0, model: GPT, status: 'completed', errorCode: null, costNanoUsd: COST },
        ]);
        expect(await world.quietNanoUsd(undefined, tenantId)).toBe(COST);
      },
    );

    it('is answered by that model on Anthropic’s wire too', async () => {
      claudeFails();
      const response = await fetch(`${world.gateways[0]?.url}/v1/messages`, {
        method: 'POST',
        headers: { 'x-api-key': apiKeyOf(tenantId), 'content-type': 'application/json' },
        body: JSON.stringify({ ...ASK_MESSAGES, model: CLAUDE }),
      });
      expect([response.status, response.headers.get('x-tollgate-fallback')]).toEqual([200, GPT]);
      expect(await response.json()).toMatchObject({ type: 'message', model: GPT, stop_reason: 'end_turn' });
    });

    it('is not, where that model is asked for what it cannot do', async () => {
      claudeFails();
      const response = await fetch(`${world.gateways[0]?.url}/v1/messages`, {
        method: 'POST',
        headers: { 'x-api-key': apiKeyOf(tenantId), 'content-type': 'application/json' },
        body: JSON.stringify({ ...ASK_MESSAGES, model: CLAUDE, top_k: 5 }),
      });
      expect([response.status, await response.json()]).toMatchObject([
        502,
        { type: 'error', error: { type: 'api_error', code: 'upstream_error' } },
      ]);
    });
  });
});

describe('a call for which the budget holds only the fallback model', () => {
  it('is answered by that model at once, which the answer names', async () => {
    const world = await World.create({ gateways: 1, env: { TENANT_ACME_BUDGET_CENTS: '1' } });
    try {
      const response = await world.chat(0, { ...ASK, model: CLAUDE, max_completion_tokens: 10_000 });
      expect(await response.json()).toMatchObject({ object: 'chat.completion', model: GPT });
      expect([response.status, response.headers.get('x-tollgate-fallback')]).toEqual([200, GPT]);
      expect(10_000 * (PRICES[CLAUDE]?.output ?? 0)).toBeGreaterThan(10_000_000);
      expect(world.mock.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions']);
      expect(await world.quietNanoUsd()).toBe(COST);
    } finally {
      await world.close();
    }
  });
});
