import { afterEach, describe, expect, it } from '@jest/globals';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { PRICE, World, type WorldOptions } from '../testing/world.js';

const CENT = 10_000_000;
const CALLS = 300;
const MAX_TOKENS = 500;
/** Four characters a token, whatever its neighbours are. */
const TEXT = ' the and you for are was his her not but'.repeat(60);
const PROMPT = 'Plan the next step.';
const BODY = { messages: [{ role: 'user', content: PROMPT }], max_tokens: MAX_TOKENS };
/** OpenAI's own count of a prompt: 3 a message, 3 for the answer's start, and the text. */
const promptTokens = (prompt: string): number => 3 + 3 + countTokens('user') + countTokens(prompt);
const PROMPT_TOKENS = promptTokens(PROMPT);

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const code = response.ok ? undefined : (JSON.parse(text) as { error: { code: string } }).error.code;
  return { status: response.status, code };
}

describe('money under fire', () => {
  let world: World;

  async function open(options: Partial<WorldOptions> = {}): Promise<World> {
    world = await World.create({
      gateways: 2,
      ...options,
      env: {
        TENANT_ACME_BUDGET_CENTS: '1',
        REQUEST_TIMEOUT_SECONDS: '4',
        HOLD_GRACE_SECONDS: '1',
        LOG_LEVEL: 'info',
        ...options.env,
      },
    });
    world.mock.behave({ content: TEXT, promptTokens: PROMPT_TOKENS, latencyMs: 30 });
    return world;
  }

  afterEach(() => world.close());

  /** All calls at once, over all gateways; a call that cannot connect answers status 0. */
  function storm(body: object = BODY, calls = CALLS): Promise<Answer[]> {
    return Promise.all(
      Array.from({ length: calls }, (_, index) =>
        world.chat(index, body).then(readAnswer, () => ({ status: 0, code: undefined })),
      ),
    );
  }

  /** Goes on calling, one call after the other, until the budget refuses. */
  async function spendDown(): Promise<void> {
    for (let call = 0; call < 500; call += 1) {
      const [answer] = await storm(BODY, 1);
      if (answer?.code === 'insufficient_quota') return;
    }
    throw new Error('the budget never refused');
  }

  async function expectExact(): Promise<void> {
    const ledger = await world.quietNanoUsd();
    expect(world.mockNanoUsd()).toBe(ledger);
    expect(ledger).toBeLessThanOrEqual(CENT);
  }

  it('spends at most the budget and at least 85 % of it when 300 parallel calls could cost ten times as much', async () => {
    await open();
    const answers = await storm();
    expect(CALLS * MAX_TOKENS * PRICE.output).toBeGreaterThanOrEqual(9 * CENT);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
    expect(new Set(answers.filter(({ status }) => status === 429).map(({ code }) => code))).toEqual(
      new Set(['insufficient_quota']),
    );
    await expectExact();
    expect(await world.ledgerNanoUsd()).toBeGreaterThanOrEqual(0.85 * CENT);
  });

  it('bills streams that hang up at random for just what was streamed', async () => {
    // No call may time out here, however busy the machine is: that would be another end than the client's.
    await open({ env: { TENANT_ACME_BUDGET_CENTS: '2', REQUEST_TIMEOUT_SECONDS: '120' } });
    // The mock goes silent after as many chunks as the prompt says; the client reads them and hangs up.
    world.mock.behave(({ body }) => {
      const prompt = (body as typeof BODY).messages[0]?.content ?? '';
      return {
        content: TEXT,
        promptTokens: promptTokens(prompt),
        stallAfterChunks: Number(prompt.split(' ').at(-1)),
      };
    });
    const hangUps = Array.from({ length: CALLS }, async (_, index) => {
      const chunks = 1 + ((index * 7919) % 50);
      const messages = [{ role: 'user', content: `Stop after ${chunks}` }];
      const controller = new AbortController();
      const response = await world.chat(
        index,
        { messages, max_tokens: 60, stream: true },
        { signal: controller.signal },
      );
      if (response.ok) await readChunks(response, chunks);
      controller.abort();
      return response.status;
    });
    const statuses = await Promise.all(hangUps);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(100);
    await world.mock.waitForIdle();
    const ledger = await world.quietNanoUsd();
    expect(world.mockNanoUsd()).toBe(ledger);
    expect(ledger).toBeLessThanOrEqual(2 * CENT);
    const { rows } = await world.pool.query<{ status: string; usage_source: string }>(
      'SELECT DISTINCT status, usage_source FROM usage_events',
    );
    expect(rows).toEqual([{ status: 'aborted', usage_source: 'counted' }]);
  });

  it('loses no call when a gateway is killed under load: what nobody saw the end of is presumed, and proof corrects it', async () => {
    await open({ env: { TENANT_ACME_BUDGET_CENTS: '4', REQUEST_TIMEOUT_SECONDS: '2' } });
    world.mock.behave({ content: TEXT, promptTokens: PROMPT_TOKENS, latencyMs: 200 });
    const answers = storm();
    await world.mock.waitForRequests(60);
    await world.gateways[0]?.kill();
    await answers;
    await world.mock.waitForIdle();
    const presumed = await world.quietNanoUsd();
    expect(presumed).toBeLessThanOrEqual(4 * CENT);
    expect(presumed).toBeGreaterThanOrEqual(world.mockNanoUsd());
    const { rows } = await world.pool.query<{ request_id: string; cost_nano_usd: string; status: string }>(
      'SELECT request_id, cost_nano_usd, status FROM usage_events',
    );
    const served = world.mock.bill().byRequest;
    expect(rows.some(({ status }) => status === 'presumed')).toBe(true);
    // Every call that the mock served has its one event, to the nano where the end was seen.
    expect([...served.keys()].filter((id) => !rows.some(({ request_id }) => request_id === id))).toEqual([]);
    for (const row of rows) {
      const proof = served.get(row.request_id);
      const billed = proof ? proof.inputTokens * PRICE.input + proof.outputTokens * PRICE.output : 0;
      if (row.status === 'presumed') expect(Number(row.cost_nano_usd)).toBeGreaterThanOrEqual(billed);
      else expect(Number(row.cost_nano_usd)).toBe(billed);
    }
  });

  it('survives FLUSHALL under load without spending more than the budget', async () => {
    await open();
    world.mock.behave({ content: TEXT, promptTokens: PROMPT_TOKENS, latencyMs: 150 });
    const first = storm();
    await world.mock.waitForRequests(10);
    const { connectRedis } = await import('@tollgate/stores');
    const redis = connectRedis(world.redis.url, { replyTimeoutMs: 5000 }, () => undefined);
    await redis.connect();
    await redis.flushall();
    const second = storm();
    await world.mock.waitForRequests(20);
    await redis.flushall();
    redis.disconnect();
    await Promise.all([first, second, storm()]);
    await spendDown();
    await expectExact();
    expect(await world.ledgerNanoUsd()).toBeGreaterThanOrEqual(0.85 * CENT);
  });

  it('goes on while Postgres is stopped for 20 s, and writes every event afterwards', async () => {
    await open({ ownPostgres: true });
    world.mock.behave({ content: TEXT.slice(0, 400), promptTokens: PROMPT_TOKENS });
    await storm({ ...BODY, max_tokens: 100 }, 10);
    const restart = stopFor(
      20_000,
      () => world.postgres?.kill(),
      () => world.postgres?.restart(),
    );
    const answers: Answer[] = [];
    while (!restart.over) answers.push(...(await storm({ ...BODY, max_tokens: 100 }, 20)));
    await restart.done;
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(20);
    await spendDown();
    await expectExact();
  }, 90_000);

  it('refuses while Redis is stopped for 20 s, and loses nothing', async () => {
    await open();
    world.mock.behave({ content: TEXT.slice(0, 400), promptTokens: PROMPT_TOKENS, latencyMs: 100 });
    const before = storm({ ...BODY, max_tokens: 100 }, 40);
    await world.mock.waitForRequests(20);
    const restart = stopFor(
      20_000,
      () => world.redis.pause(),
      () => world.redis.resume(),
    );
    await before;
    const answers: Answer[] = [];
    while (!restart.over) answers.push(...(await storm({ ...BODY, max_tokens: 100 }, 20)));
    await restart.done;
    expect(new Set(answers.map(({ code }) => code))).toContain('budget_store_unavailable');
    await spendDown();
    await expectExact();
  }, 90_000);
});

/** Reads a stream until it has brought so many chunks with content. */
async function readChunks(response: Response, chunks: number): Promise<void> {
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += Buffer.from(bytes as Uint8Array).toString();
    if (text.split('"content":" ').length > chunks) return;
  }
}

/** Takes a server away for a while. */
function stopFor(
  ms: number,
  stop: () => unknown,
  start: () => unknown,
): { over: boolean; done: Promise<void> } {
  const outage = { over: false, done: Promise.resolve() };
  outage.done = (async (): Promise<void> => {
    await stop();
    await new Promise((resolve) => setTimeout(resolve, ms));
    await start();
    outage.over = true;
  })();
  return outage;
}
