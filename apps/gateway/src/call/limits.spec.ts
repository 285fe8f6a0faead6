import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { monthEndMs, monthOf } from '@tollgate/domain';
import { eventually } from '../testing/eventually.js';
import { scrape, sumOf } from '../testing/metrics-text.js';
import { ASK, PROMPT_TOKENS } from '../testing/openai-client.js';
import { PRICE, World, apiKeyOf } from '../testing/world.js';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const CENT = 10_000_000;
const CALL_COST_NANO_USD = PROMPT_TOKENS * PRICE.input + 20 * PRICE.output;

interface LimitAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly error: Readonly<Record<string, unknown>>;
}

describe('limits', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create({
      gateways: 2,
      tenants: {
        hasty: { RATE_LIMIT: '2' },
        banned: { RATE_LIMIT: '0' },
        wordy: { TOKENS_PER_MINUTE: '20000' },
        single: { MAX_CONCURRENCY: '1' },
        poor: { BUDGET_CENTS: '0' },
        alarmed: { BUDGET_CENTS: '1' },
        counted: { BUDGET_CENTS: '2' },
        frugal: { MAX_COST_PER_REQUEST: '0' },
      },
    });
  });
  afterAll(() => world.close());
  beforeEach(() => world.mock.reset());

  const call = (tenantId: string, body: object = {}, gateway = 0): Promise<Response> =>
    world.chat(gateway, { ...ASK, ...body }, { headers: { authorization: `Bearer ${apiKeyOf(tenantId)}` } });

  async function refusal(tenantId: string, body: object = {}, gateway = 0): Promise<LimitAnswer> {
    const response = await call(tenantId, body, gateway);
    const { error } = (await response.json()) as { error: Record<string, unknown> };
    return { status: response.status, headers: response.headers, error };
  }

  /** Does something while a call runs, which ends after it. */
  async function during<T>(tenantId: string, body: object, work: () => Promise<T>): Promise<T> {
    world.mock.behave({ stallAfterChunks: 1 });
    const running = await call(tenantId, { ...body, stream: true });
    expect(running.status).toBe(200);
    const result = await work();
    await running.body?.cancel();
    await world.mock.waitForIdle();
    await world.quietNanoUsd(undefined, tenantId);
    world.mock.behave({});
    return result;
  }

  it('of requests say when to come back, over both gateways', async () => {
    for (const gateway of [0, 1]) expect((await call('hasty', {}, gateway)).status).toBe(200);
    for (const gateway of [0, 1]) {
      const { status, headers, error } = await refusal('hasty', {}, gateway);
      expect(status).toBe(429);
      expect(error).toEqual({
        message: "The tenant's limit of 2 requests per minute is used up.",
        type: 'rate_limit_error',
        param: null,
        code: 'rate_limit_exceeded',
        scope: 'tenant',
        limit: 2,
        used: 2,
        held: 0,
        window: 'requests',
        resets_at: expect.stringMatching(ISO),
        retry_after_ms: expect.any(Number),
      });
      const retryAfterMs = Number(error['retry_after_ms']);
      expect(retryAfterMs).toBeGreaterThan(20_000);
      expect(retryAfterMs).toBeLessThanOrEqual(30_000);
      expect(Math.abs(Date.parse(String(error['resets_at'])) - Date.now() - retryAfterMs)).toBeLessThan(1000);
      expect(headers.get('retry-after')).toBe(String(Math.ceil(retryAfterMs / 1000)));
      expect(headers.get('retry-after-ms')).toBe(String(retryAfterMs));
      expect(headers.get('x-should-retry')).toBeNull();
    }
    expect(world.mock.requests).toHaveLength(2);
  });

  it('of 0 requests let nothing through, and waiting does not help', async () => {
    const { status, headers, error } = await refusal('banned');
    expect(status).toBe(429);
    expect(error).toMatchObject({
      code: 'rate_limit_exceeded',
      limit: 0,
      resets_at: null,
      retry_after_ms: null,
    });
    expect(headers.get('retry-after')).toBeNull();
  });

  it('of tokens count what running calls may use, and give back what they did not', async () => {
    const { status, error } = await during('wordy', { max_tokens: 12_000 }, () =>
      refusal('wordy', { max_tokens: 12_000 }, 1),
    );
    expect(status).toBe(429);
    expect(error).toMatchObject({
      code: 'rate_limit_exceeded',
      scope: 'tenant',
      limit: 20_000,
      window: 'tokens',
      retry_after_ms: expect.any(Number),
    });
    expect(error['used']).toBeGreaterThan(11_000);
    expect((await call('wordy', { max_tokens: 12_000 })).status).toBe(200);
  });

  it('of calls at the same time hold over both gateways', async () => {
    const { status, error } = await during('single', {}, () => refusal('single', {}, 1));
    expect(status).toBe(429);
    expect(error).toEqual({
      message: "The tenant's limit of 1 calls at the same time is used up.",
      type: 'rate_limit_error',
      param: null,
      code: 'rate_limit_exceeded',
      scope: 'tenant',
      limit: 1,
      used: 1,
      held: 0,
      window: 'concurrency',
      resets_at: expect.stringMatching(ISO),
      retry_after_ms: 1000,
    });
    expect((await call('single', {}, 1)).status).toBe(200);
  });

  it('of a budget of 0 let nothing be spent, and say when it resets', async () => {
    const { status, headers, error } = await refusal('poor');
    const month = monthOf(Date.now());
    expect(status).toBe(429);
    expect(error).toEqual({
      message: "The tenant's budget cannot hold what this call may cost.",
      type: 'insufficient_quota',
      param: null,
      code: 'insufficient_quota',
      scope: 'tenant',
      limit: 0,
      used: 0,
      held: 0,
      window: month,
      resets_at: new Date(monthEndMs(month)).toISOString(),
      retry_after_ms: null,
    });
    expect(headers.get('x-should-retry')).toBe('false');
    expect(headers.get('retry-after')).toBeNull();
    expect(world.mock.requests).toEqual([]);
  });

  it('of a tenant on one request go below those of the process', async () => {
    const { status, error } = await refusal('frugal', { max_tokens: 10 });
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: 'max_cost_exceeded', limit: 0 });
  });

  it('raise alerts at 50, 80 and 100 % of a budget, once each over both gateways', async () => {
    const fifth = Math.ceil(CENT / 5 / PRICE.input);
    world.mock.behave({ wrongUsage: { promptTokens: fifth, completionTokens: 0 } });
    const raised = (): Record<string, unknown>[] =>
      world.gateways
        .flatMap(({ log }) => log.filter((line) => line.includes('"msg":"budget alert"')))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const [calls, alerts] of [0, 0, 1, 2, 3].entries()) {
      expect((await call('alarmed', { max_tokens: 10 }, calls)).status).toBe(200);
      await world.quietNanoUsd(undefined, 'alarmed');
      // A mark is made behind the settlement: the next call's gateway must not come before it.
      await eventually(
        () => Promise.resolve(raised()),
        (lines) => expect(lines).toHaveLength(alerts),
      );
    }
    const { error } = await refusal('alarmed', { max_tokens: 10 });
    const spentNanoUsd = 5 * fifth * PRICE.input;
    expect(error).toMatchObject({ code: 'insufficient_quota', limit: CENT, used: spentNanoUsd, held: 0 });
    const month = monthOf(Date.now());
    const seen = { level: 40, tenantId: 'alarmed', scope: 't', window: month, limitNanoUsd: CENT };
    expect(
      raised().sort((a, b) => Number(a['thresholdPercent']) - Number(b['thresholdPercent'])),
    ).toMatchObject([
      { ...seen, thresholdPercent: 50, spentNanoUsd: 3 * fifth * PRICE.input },
      { ...seen, thresholdPercent: 80, spentNanoUsd: 4 * fifth * PRICE.input },
      { ...seen, thresholdPercent: 100, spentNanoUsd },
    ]);
    const scrapes = await Promise.all(world.gateways.map(({ url }) => scrape(url)));
    for (const threshold_percent of ['50', '80', '100']) {
      const labels = { tenant_id: 'alarmed', threshold_percent };
      expect(sumOf(scrapes.flat(), 'tollgate_budget_alerts_total', labels)).toBe(1);
    }
  });

  it('and what is left of them stand in GET /v1/usage', async () => {
    await call('counted');
    await world.chat(1, ASK, {
      headers: { authorization: `Bearer ${apiKeyOf('counted')}`, 'x-agent-id': 'planner' },
    });
    await world.quietNanoUsd(undefined, 'counted');
    const response = await fetch(`${world.gateways[1]?.url}/v1/usage`, {
      headers: { 'x-api-key': apiKeyOf('counted') },
    });
    const line = {
      model: ASK.model,
      calls: 1,
      input_tokens: PROMPT_TOKENS,
      output_tokens: 20,
      cost_usd: '0.00001335',
      cost_nano_usd: CALL_COST_NANO_USD,
    };
    const month = monthOf(Date.now());
    expect(await response.json()).toEqual({
      object: 'usage',
      tenant_id: 'counted',
      month,
      resets_at: new Date(monthEndMs(month)).toISOString(),
      budget_usd: '0.02',
      budget_nano_usd: 2 * CENT,
      spent_usd: '0.0000267',
      spent_nano_usd: 2 * CALL_COST_NANO_USD,
      held_usd: '0',
      held_nano_usd: 0,
      remaining_usd: '0.0199733',
      remaining_nano_usd: 2 * CENT - 2 * CALL_COST_NANO_USD,
      by_agent_and_model: [
        { agent_id: 'planner', ...line },
        { agent_id: null, ...line },
      ],
    });
  });
});

describe('a gateway that was frozen until its hold was swept', () => {
  let world: World;
  afterAll(() => world.close());

  it('replaces the presumed event by the real one when it wakes', async () => {
    world = await World.create({
      gateways: 2,
      env: { REQUEST_TIMEOUT_SECONDS: '2', HOLD_GRACE_SECONDS: '1' },
    });
    world.mock.behave({ chunks: 10, chunkDelayMs: 20 });
    const response = await world.chat(0, { ...ASK, max_tokens: 100, stream: true });
    expect(response.status).toBe(200);
    world.gateways[0]?.freeze();
    const [presumed] = await eventually(
      () => world.ledgerRows(),
      (rows) => expect(rows).toMatchObject([{ status: 'presumed', usageSource: 'none' }]),
    );
    await world.mock.waitForIdle();
    expect(presumed?.costNanoUsd).toBeGreaterThan(world.mockNanoUsd());
    expect(await world.quietNanoUsd()).toBe(presumed?.costNanoUsd);
    world.gateways[0]?.thaw();
    await response.text();
    const rows = await eventually(
      () => world.ledgerRows(),
      ([row]) => expect(row?.status).not.toBe('presumed'),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ status: 'completed', usageSource: 'reported', outputTokens: 10 });
    expect(await world.quietNanoUsd()).toBe(world.mockNanoUsd());
  });
});
