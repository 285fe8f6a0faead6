import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  startMockModelProvider,
  type MockBehaviour,
  type MockModelProvider,
} from '@tollgate/mock-model-provider';
import { chatCall, RecordingSink } from '../model-adapter.conformance.js';
import type { CallOutcome } from '../model-adapter.js';
import { Upstream } from '../upstream/upstream.js';
import { HttpAdapter } from '../wire/http-adapter.js';
import { chatProtocol } from './chat/chat-protocol.js';

const SHORT_MS = 250;
const UNKNOWN = { kind: 'unknown' };
const NONE = { kind: 'none' };

function open(origin: string): HttpAdapter {
  return new HttpAdapter(
    'openai',
    new Upstream({
      baseUrl: `${origin}/v1/`,
      headers: { authorization: 'Bearer sk-test', 'content-type': 'application/json' },
      connectTimeoutMs: 2000,
      firstByteTimeoutMs: SHORT_MS,
      idleTimeoutMs: SHORT_MS,
      maxConnections: 4,
    }),
    [chatProtocol],
  );
}

/** An outcome with its error taken apart, so that nothing in it goes unseen. */
function facts({ error, ...rest }: CallOutcome): object {
  if (!error) return rest;
  const { code, retryAfterMs, facts: more } = error;
  return { ...rest, error: { code, ...(retryAfterMs && { retryAfterMs }), ...more } };
}

describe('HttpAdapter, when the model provider misbehaves,', () => {
  let mock: MockModelProvider;
  let adapter: HttpAdapter;
  let sink: RecordingSink;

  beforeAll(async () => {
    mock = await startMockModelProvider({ defaults: { chunks: 6 } });
    adapter = open(mock.url);
  });
  beforeEach(() => {
    mock.reset();
    sink = new RecordingSink();
  });
  afterAll(async () => {
    await adapter.close();
    await mock.close();
  });

  const complete = async (behaviour: MockBehaviour): Promise<object> => {
    mock.behave(behaviour);
    return facts(await adapter.complete(chatCall()));
  };
  const stream = async (behaviour: MockBehaviour): Promise<object> => {
    mock.behave(behaviour);
    return facts(await adapter.stream(chatCall({ stream: true }), sink));
  };
  const both = async (behaviour: MockBehaviour): Promise<object> => {
    const outcomes = [await complete(behaviour), await stream(behaviour)];
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(sink.writes).toEqual([]);
    return outcomes[0] ?? {};
  };
  const failed = (billing: object, error: object): object => ({ status: 'failed', billing, error });

  it.each([401, 403])('takes %i for trouble with its own key', async (status) => {
    expect(await both({ status })).toEqual(
      failed(NONE, { code: 'upstream_authentication_failed', upstream_status: status }),
    );
  });

  it.each([408, 500, 502, 503, 529])('takes %i for an error of the server', async (status) => {
    expect(await both({ status })).toEqual(failed(NONE, { code: 'upstream_error', upstream_status: status }));
  });

  it.each([
    [7, 7000],
    [0, 1000],
    [undefined, 1000],
  ])('takes 429 for a rate limit, with retry-after %s', async (seconds, retryAfterMs) => {
    const behaviour = { status: 429, ...(seconds !== undefined && { retryAfterSeconds: seconds }) };
    expect(await both(behaviour)).toEqual(failed(NONE, { code: 'upstream_rate_limited', retryAfterMs }));
  });

  it.each([400, 404, 409, 413, 422])('passes on what is said with %i', async (status) => {
    mock.behave({ status, errorCode: 'no_way' });
    const outcome = await adapter.complete(chatCall());
    expect(facts(outcome)).toEqual({
      ...failed(NONE, { code: 'upstream_refused', upstream_status: status }),
      refusal: { status, body: outcome.refusal?.body },
    });
    expect(JSON.parse(String(outcome.refusal?.body))).toMatchObject({ error: { code: 'no_way' } });
    expect(await stream({ status })).toMatchObject({
      error: { code: 'upstream_refused' },
      refusal: { status },
    });
  });

  it.each(['html', 'empty', 'garbage'] as const)('does not mind an error body of %s', async (errorBody) => {
    expect(await both({ status: 500, errorBody })).toEqual(
      failed(NONE, { code: 'upstream_error', upstream_status: 500 }),
    );
  });

  it.each(['html', 'not-json', 'truncated-json', 'empty', 'binary'] as const)(
    'does not know what a plain answer of %s cost',
    async (garbage) => {
      const outcome = await complete({ garbage });
      expect(outcome).toEqual(failed(UNKNOWN, { code: 'upstream_invalid_response' }));
    },
  );

  it.each(['html', 'empty', 'binary'] as const)(
    'fails a stream of %s without a byte for the client',
    async (garbage) => {
      expect(await stream({ garbage })).toEqual(
        failed(garbage === 'html' ? UNKNOWN : { kind: 'counted', text: '' }, {
          code: 'upstream_invalid_response',
        }),
      );
      expect(sink.writes).toEqual([]);
    },
  );

  it('fails a stream whose events are not JSON, and leaves them to the client', async () => {
    expect(await stream({ garbage: 'not-json' })).toEqual(
      failed({ kind: 'counted', text: '' }, { code: 'upstream_invalid_response' }),
    );
    expect(sink.data).toEqual(['not json']);
  });

  it('fails an answer that is cut before its body', async () => {
    expect(await complete({ cutBeforeBody: true })).toEqual(failed(UNKNOWN, { code: 'upstream_error' }));
    expect(await stream({ cutBeforeBody: true })).toEqual(
      failed({ kind: 'counted', text: '' }, { code: 'upstream_error' }),
    );
  });

  it('fails an answer that is shorter than declared', async () => {
    expect(await complete({ wrongContentLength: 'long' })).toEqual(
      failed(UNKNOWN, { code: 'upstream_error' }),
    );
  });

  it('fails an answer that is longer than declared', async () => {
    expect(await complete({ wrongContentLength: 'short' })).toEqual(
      failed(UNKNOWN, { code: 'upstream_invalid_response' }),
    );
  });

  it('fails a stream that is cut, and bills the words that came', async () => {
    expect(await stream({ cutAfterChunks: 3 })).toEqual(
      failed({ kind: 'counted', text: 'word1 word2 word3 ' }, { code: 'upstream_error' }),
    );
    expect(sink.wordsOf(0).join('')).toBe('word1 word2 word3 ');
  });

  it('fails a stream that ends in the middle of an event', async () => {
    expect(await stream({ garbage: 'half-event' })).toEqual(
      failed({ kind: 'counted', text: expect.any(String) }, { code: 'upstream_invalid_response' }),
    );
    for (const events of sink.writes) expect(events.toString('utf8')).toMatch(/\n\n$/);
  });

  it('fails a stream that goes silent, and bills the words that came', async () => {
    expect(await stream({ stallAfterChunks: 2 })).toEqual(
      failed({ kind: 'counted', text: 'word1 word2 ' }, { code: 'upstream_timeout' }),
    );
  });

  it('waits only so long for a first byte, and then does not know what the call cost', async () => {
    expect(await both({ silent: true })).toEqual(failed(UNKNOWN, { code: 'upstream_timeout' }));
  });

  it('does not read an event without end', async () => {
    expect(await stream({ chunks: 1, chunkBytes: 5 * 1024 * 1024 })).toEqual(
      failed({ kind: 'counted', text: '' }, { code: 'upstream_invalid_response' }),
    );
  });

  it('owes nothing when the connection is refused', async () => {
    const gone = await startMockModelProvider();
    const { url } = gone;
    await gone.close();
    const lonely = open(url);
    const refused = failed(NONE, { code: 'upstream_error' });
    expect(facts(await lonely.complete(chatCall()))).toEqual(refused);
    expect(facts(await lonely.stream(chatCall({ stream: true }), sink))).toEqual(refused);
    await lonely.close();
  });

  it('owes nothing for a call after its close', async () => {
    const closed = open(mock.url);
    await closed.close();
    expect(facts(await closed.complete(chatCall()))).toEqual(failed(NONE, { code: 'upstream_error' }));
    expect(mock.bill().calls).toBe(0);
  });

  it('does not know what calls cost that its close cuts', async () => {
    const closing = open(mock.url);
    mock.behave({ silent: true });
    const running = closing.complete(chatCall());
    await mock.waitForRequests(1);
    await closing.close();
    expect(facts(await running)).toEqual(failed(UNKNOWN, { code: 'upstream_error' }));
  });

  it('counts the words when no usage comes', async () => {
    const outcome = { status: 'completed', billing: { kind: 'counted', text: 'word1 word2 ' } };
    expect(await complete({ chunks: 2, omitUsage: true })).toEqual({ ...outcome, body: expect.any(Buffer) });
    expect(await stream({ chunks: 2, omitUsage: true })).toEqual(outcome);
  });

  it.each<[string, MockBehaviour]>([
    ['byte by byte', { splitBytes: 1 }],
    ['in odd pieces', { splitBytes: 61 }],
    ['all at once', { coalesce: 100 }],
    ['with CR LF', { crlf: true, splitBytes: 7 }],
  ])('understands a stream that comes %s', async (_, behaviour) => {
    expect(await stream({ ...behaviour, chunks: 3, promptTokens: 9, cachedTokens: 4 })).toMatchObject({
      status: 'completed',
      billing: { kind: 'reported', usage: { inputTokens: 9, cachedInputTokens: 4, outputTokens: 3 } },
    });
    const text = Buffer.concat(sink.writes).toString('utf8').replaceAll('\r', '');
    expect(text).toContain('word3');
    expect(text).not.toContain('prompt_tokens');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });
});
