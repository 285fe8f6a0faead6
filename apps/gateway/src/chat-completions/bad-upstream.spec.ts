import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MockBehaviour } from '@tollgate/mock-model-provider';
import { formatUsd } from '@tollgate/domain';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { eventually } from '../testing/eventually.js';
import { scrape, sumOf } from '../testing/metrics-text.js';
import { ASK, PROMPT_TOKENS, UUID_V7 } from '../testing/openai-client.js';
import { PRICE, World, type LedgerRow } from '../testing/world.js';

const PLAIN = { ...ASK, max_tokens: 50 };
const STREAM = { ...PLAIN, stream: true };
const CLOSED_PORT = 9;
/** OpenAI's own count of the prompt: 3 for the message, 3 for the answer's start, and the text. */
const COUNTED_INPUT = 3 + 3 + countTokens('user') + countTokens(ASK.messages[0]?.content ?? '');

const words = (count: number): string =>
  Array.from({ length: count }, (_, index) => `word${index + 1} `).join('');

/** What a call costs whose answer was cut after so many words, so that it had to be counted. */
const countedCost = (text: string): number => COUNTED_INPUT * PRICE.input + countTokens(text) * PRICE.output;

/** The data of a stream's last event. */
function lastEvent(text: string): unknown {
  const events = text.split('\n\n');
  expect(events.at(-1)).toBe('');
  return JSON.parse(events.at(-2)?.replace(/^data: /, '') ?? '');
}

const error = (code: string, facts: object = {}): object => ({
  error: { message: expect.any(String), type: 'api_error', param: null, code, ...facts },
});

describe('a model provider that misbehaves', () => {
  let world: World;
  let rowsBefore = 0;

  beforeAll(async () => {
    world = await World.create({
      gateways: 1,
      // Each fault is looked at by itself; call/attempts/ has the tests of what follows it.
      env: {
        FIRST_BYTE_TIMEOUT_SECONDS: '1',
        IDLE_TIMEOUT_SECONDS: '1',
        UPSTREAM_MAX_TRIES: '1',
        BREAKER_FAILURE_PERCENT: '0',
      },
    });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    world.mock.reset();
    rowsBefore = (await world.ledgerRows()).length;
  });

  /** The one event of the test's call, once its hold is settled. */
  async function settledRow(): Promise<LedgerRow | undefined> {
    const rows = await eventually(
      () => world.ledgerRows(),
      (all) => expect(all).toHaveLength(rowsBefore + 1),
    );
    await world.quietNanoUsd();
    return rows.at(-1);
  }

  async function expectRefusal(
    response: Response,
    status: number,
    body: object,
    row: Partial<LedgerRow>,
  ): Promise<void> {
    expect({ status: response.status, body: await response.json() }).toEqual({ status, body });
    expect(response.headers.get('x-request-id')).toMatch(UUID_V7);
    const settled = await settledRow();
    expect(settled).toMatchObject({ status: 'failed', inputTokens: 0, outputTokens: 0, ...row });
    expect(response.headers.get('x-tollgate-cost-usd')).toBe(formatUsd(settled?.costNanoUsd ?? -1));
    expect(settled?.costNanoUsd).toBeGreaterThanOrEqual(world.mockNanoUsd());
  }

  // Nobody saw what the call cost: it stands at the most that it can have cost.
  const presumed = (errorCode: string): Partial<LedgerRow> => ({
    status: 'presumed',
    usageSource: 'none',
    errorCode,
  });
  const unbilled = (errorCode: string): Partial<LedgerRow> => ({
    usageSource: 'none',
    errorCode,
    costNanoUsd: 0,
  });

  describe('with an error status', () => {
    const bodies = ['json', 'html', 'empty'] as const;
    const cases = [PLAIN, STREAM].flatMap((body) =>
      bodies.map((errorBody) => [body === STREAM ? 'stream' : 'plain', errorBody, body] as const),
    );

    describe.each(cases)('(%s call, %s body)', (_, errorBody, body) => {
      it.each([400, 404, 409, 413, 422])('passes %i on, and bills nothing', async (status) => {
        world.mock.behave({ status, errorBody });
        const response = await world.chat(0, body);
        const own = {
          error: {
            message: `The model provider refused the request with status ${status}.`,
            type: 'invalid_request_error',
            param: null,
            code: 'upstream_refused',
            upstream_status: status,
          },
        };
        const theirs = {
          error: {
            message: expect.any(String),
            type: 'invalid_request_error',
            param: null,
            code: expect.not.stringMatching(/^upstream/),
          },
        };
        expect(response.headers.get('x-should-retry')).toBe('false');
        await expectRefusal(
          response,
          status,
          errorBody === 'json' ? (status === 400 ? { error: { ...theirs.error, code: null } } : theirs) : own,
          unbilled('upstream_refused'),
        );
      });

      it.each([401, 403])('answers %i with 502, since the key is not the client’s', async (status) => {
        world.mock.behave({ status, errorBody });
        const response = await world.chat(0, body);
        expect(response.headers.get('x-should-retry')).toBe('false');
        await expectRefusal(
          response,
          502,
          error('upstream_authentication_failed', { upstream_status: status }),
          unbilled('upstream_authentication_failed'),
        );
      });

      it('passes 429 and its retry-after on', async () => {
        world.mock.behave({ status: 429, errorBody, retryAfterSeconds: 7 });
        const response = await world.chat(0, body);
        expect(response.headers.get('retry-after')).toBe('7');
        const refusal = { ...error('upstream_rate_limited') };
        await expectRefusal(
          response,
          429,
          { error: { ...(refusal as { error: object }).error, type: 'rate_limit_error' } },
          unbilled('upstream_rate_limited'),
        );
      });

      it.each([500, 502, 503, 529])('answers %i with 502', async (status) => {
        world.mock.behave({ status, errorBody });
        await expectRefusal(
          await world.chat(0, body),
          502,
          error('upstream_error', { upstream_status: status }),
          unbilled('upstream_error'),
        );
      });
    });
  });

  describe('on a plain call', () => {
    it.each(['html', 'not-json', 'truncated-json', 'empty', 'half-event', 'binary'] as const)(
      'answers 502 to garbage (%s), and presumes the held amount spent',
      async (garbage) => {
        world.mock.behave({ garbage });
        const code = 'upstream_invalid_response';
        await expectRefusal(await world.chat(0, PLAIN), 502, error(code), presumed(code));
      },
    );

    it.each<[string, MockBehaviour, number, string]>([
      ['is cut before its body', { cutBeforeBody: true }, 502, 'upstream_error'],
      ['is longer than it says', { wrongContentLength: 'short' }, 502, 'upstream_invalid_response'],
      ['is shorter than it says', { wrongContentLength: 'long' }, 502, 'upstream_error'],
      ['never begins', { silent: true }, 504, 'upstream_timeout'],
    ])('presumes the held amount spent when the answer %s', async (_, behaviour, status, code) => {
      world.mock.behave(behaviour);
      await expectRefusal(await world.chat(0, PLAIN), status, error(code), presumed(code));
    });

    it('counts the tokens of an answer without usage', async () => {
      world.mock.behave({ omitUsage: true, chunks: 4 });
      const response = await world.chat(0, PLAIN);
      expect(response.status).toBe(200);
      const costNanoUsd = countedCost(words(4));
      expect(response.headers.get('x-tollgate-cost-usd')).toBe(formatUsd(costNanoUsd));
      expect(await settledRow()).toEqual({
        status: 'completed',
        errorCode: null,
        usageSource: 'counted',
        inputTokens: COUNTED_INPUT,
        outputTokens: countTokens(words(4)),
        costNanoUsd,
        streamed: false,
      });
    });

    it('is billed as reported, also above the bound, and that is counted', async () => {
      const exceeded = async (): Promise<number> =>
        sumOf(await scrape(world.gateways[0]?.url ?? ''), 'bound_exceeded_total');
      const before = await exceeded();
      world.mock.behave({ wrongUsage: { promptTokens: 11, completionTokens: 13 } });
      expect((await world.chat(0, PLAIN)).status).toBe(200);
      expect(await settledRow()).toMatchObject({
        usageSource: 'reported',
        inputTokens: 11,
        outputTokens: 13,
      });
      expect(await exceeded()).toBe(before);
      rowsBefore += 1;
      world.mock.behave({ wrongUsage: { promptTokens: 1_000_000, completionTokens: 50 } });
      expect((await world.chat(0, PLAIN)).status).toBe(200);
      expect(await settledRow()).toMatchObject({
        status: 'completed',
        costNanoUsd: 1_000_000 * PRICE.input + 50 * PRICE.output,
      });
      expect(await exceeded()).toBe(before + 1);
    });

    it('costs nothing when nobody listens at the model provider', async () => {
      await world.addGateway({ OPENAI_BASE_URL: `http://127.0.0.1:${CLOSED_PORT}/v1` });
      for (const body of [PLAIN, STREAM]) {
        await expectRefusal(
          await world.chat(1, body),
          502,
          error('upstream_error'),
          unbilled('upstream_error'),
        );
        rowsBefore += 1;
      }
    });
  });

  describe('on a stream', () => {
    it.each<[string, MockBehaviour, string, Partial<LedgerRow>]>([
      [
        'a page',
        { garbage: 'html' },
        'upstream_invalid_response',
        { status: 'presumed', usageSource: 'none' },
      ],
      [
        'nothing',
        { garbage: 'empty' },
        'upstream_invalid_response',
        { usageSource: 'counted', inputTokens: COUNTED_INPUT },
      ],
      [
        'bytes without an event',
        { garbage: 'binary' },
        'upstream_invalid_response',
        { usageSource: 'counted', inputTokens: COUNTED_INPUT },
      ],
      [
        'a head and a closed socket',
        { cutBeforeBody: true },
        'upstream_error',
        { usageSource: 'counted', inputTokens: COUNTED_INPUT },
      ],
    ])('answers with a real status as long as no event came: %s', async (_, behaviour, code, row) => {
      world.mock.behave(behaviour);
      await expectRefusal(await world.chat(0, STREAM), 502, error(code), { errorCode: code, ...row });
    });

    it('answers 504 when the first byte does not come, and presumes the held amount spent', async () => {
      world.mock.behave({ silent: true });
      const code = 'upstream_timeout';
      await expectRefusal(await world.chat(0, STREAM), 504, error(code), presumed(code));
    });

    it.each<[string, MockBehaviour, string]>([
      ['is cut', { cutAfterChunks: 5 }, 'upstream_error'],
      ['falls silent', { stallAfterChunks: 5 }, 'upstream_timeout'],
    ])('that %s ends with an error event, and is billed for what came', async (_, behaviour, code) => {
      world.mock.behave(behaviour);
      const response = await world.chat(0, STREAM);
      expect(response.status).toBe(200);
      const text = await response.text();
      expect(text.match(/"content":"word\d+ "/g)).toHaveLength(5);
      expect(text).not.toContain('[DONE]');
      expect(lastEvent(text)).toEqual(error(code));
      expect(await settledRow()).toEqual({
        status: 'failed',
        errorCode: code,
        usageSource: 'counted',
        inputTokens: COUNTED_INPUT,
        outputTokens: countTokens(words(5)),
        costNanoUsd: countedCost(words(5)),
        streamed: true,
      });
    });

    it('that ends in half an event brings the whole ones, then an error event', async () => {
      world.mock.behave({ garbage: 'half-event', chunks: 10 });
      const text = await (await world.chat(0, STREAM)).text();
      const events = text.split('\n\n').slice(0, -1);
      expect(events.length).toBeGreaterThan(2);
      for (const event of events)
        expect(() => JSON.parse(event.slice('data: '.length)) as unknown).not.toThrow();
      expect(lastEvent(text)).toEqual(error('upstream_invalid_response'));
      const received = [...text.matchAll(/"content":"(word\d+ )"/g)].map(([, word]) => word).join('');
      expect(await settledRow()).toMatchObject({
        status: 'failed',
        usageSource: 'counted',
        costNanoUsd: countedCost(received),
      });
    });

    it('hands an event that is not JSON on as it is, and says that the stream was cut short', async () => {
      world.mock.behave({ garbage: 'not-json' });
      const text = await (await world.chat(0, STREAM)).text();
      expect(text).toMatch(/^data: not json\n\ndata: \{"error":/);
      expect(lastEvent(text)).toEqual(error('upstream_invalid_response'));
      expect(await settledRow()).toMatchObject({ status: 'failed', usageSource: 'counted', outputTokens: 0 });
    });

    it('without usage is counted', async () => {
      world.mock.behave({ omitUsage: true, chunks: 6 });
      const text = await (await world.chat(0, STREAM)).text();
      expect(text).toMatch(/data: \[DONE\]\n\n$/);
      expect(await settledRow()).toMatchObject({
        status: 'completed',
        errorCode: null,
        usageSource: 'counted',
        costNanoUsd: countedCost(words(6)),
      });
    });

    describe.each<[string, MockBehaviour]>([
      ['one event a write', {}],
      ['events that straddle writes', { splitBytes: 7, chunks: 5 }],
      ['CR LF line ends', { crlf: true }],
      ['CR LF line ends that straddle writes', { crlf: true, splitBytes: 3, chunks: 3 }],
      ['several events a write', { coalesce: 4 }],
    ])('in %s', (_, behaviour) => {
      // Each answer of the mock has an id and a time of its own.
      const anonymous = (text: string): string =>
        text.replaceAll(/"id":"[^"]+"/g, '"id":""').replaceAll(/"created":\d+/g, '"created":0');

      it('passes through byte for byte', async () => {
        world.mock.behave(behaviour);
        const body = { ...STREAM, stream_options: { include_usage: true } };
        const direct = await fetch(`${world.mock.url}/v1/chat/completions`, {
          method: 'POST',
          headers: { authorization: 'Bearer sk', 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        const through = await world.chat(0, body);
        expect(anonymous(await through.text())).toBe(anonymous(await direct.text()));
        expect(await settledRow()).toMatchObject({ usageSource: 'reported', inputTokens: PROMPT_TOKENS });
      });

      it('loses its usage chunk and nothing else when the client did not ask for it', async () => {
        world.mock.behave(behaviour);
        const text = await (await world.chat(0, STREAM)).text();
        expect(text).not.toContain('"usage":{');
        expect(text).not.toContain('"choices":[]');
        const { chunks = 20 } = behaviour;
        expect([...text.matchAll(/"content":"(word\d+ )"/g)].map(([, word]) => word).join('')).toBe(
          words(chunks),
        );
        expect(text).toMatch(/data: \[DONE\]\r?\n\r?\n$/);
        expect(await settledRow()).toMatchObject({
          status: 'completed',
          usageSource: 'reported',
          outputTokens: chunks,
        });
      });
    });
  });
});
