import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UUID_V7 } from '../testing/openai-client.js';
import { exchangeRaw } from '../testing/raw-http.js';
import { API_KEY, World, apiKeyOf } from '../testing/world.js';

const MODEL = 'gpt-4o-mini';
const PROMPT = 'the-secret-prompt';
const PATH = '/v1/chat/completions';
const ASK = { model: MODEL, messages: [{ role: 'user', content: PROMPT }] };
const MIB = 1024 * 1024;

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly param?: string | null;
  readonly type?: string;
  /** What stands beside the four fields of OpenAI's envelope. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

type Case = readonly [name: string, sent: Sent, refusal: Refusal];

const json = (changes: object): Sent => ({ body: JSON.stringify({ ...ASK, ...changes }) });
const withHeaders = (headers: Record<string, string>): Sent => ({ headers, body: JSON.stringify(ASK) });
const invalidJson = { status: 400, code: 'invalid_json' };
const invalid = (param: string): Refusal => ({ status: 400, code: 'invalid_request', param });
const unsupportedType = { status: 415, code: 'unsupported_media_type' };
const unknownModel = { status: 404, code: 'model_not_found', param: 'model' };
const unreadable = { status: 400, code: 'invalid_request' };
const noPath = { status: 404, code: 'route_not_found' };
const wrongMethod = { status: 405, code: 'method_not_allowed' };
const badKey = { status: 401, code: 'invalid_api_key', type: 'authentication_error' };
const badHeader = (param: string): Refusal => ({ status: 400, code: 'invalid_header', param });

const BODIES: Case[] = [
  ['malformed JSON', { body: `{"model": "${MODEL}", "messages": [` }, invalidJson],
  ['a body that is JSON, but no object', { body: '[1]' }, invalidJson],
  ['null', { body: 'null' }, invalidJson],
  ['no body at all', {}, invalidJson],
  ['an empty body', { body: '' }, invalidJson],
  [
    '100,000 nested arrays',
    { body: `{"model":"${MODEL}","messages":${'['.repeat(100_000)}${']'.repeat(100_000)}}` },
    invalidJson,
  ],
  [
    'invalid UTF-8',
    {
      body: Buffer.concat([
        Buffer.from(`{"model":"${MODEL}","messages":[{"role":"user","content":"`),
        Buffer.from([0xc3, 0x28]),
        Buffer.from('"}]}'),
      ]),
    },
    invalidJson,
  ],
  [
    'a surrogate encoded as UTF-8',
    {
      body: Buffer.concat([
        Buffer.from(`{"model":"${MODEL}","messages":[{"role":"user","content":"`),
        Buffer.from([0xed, 0xa0, 0x80]),
        Buffer.from('"}]}'),
      ]),
    },
    invalidJson,
  ],
  [
    'a parameter that is named twice',
    { body: `{"max_tokens":1,${JSON.stringify(ASK).slice(1, -1)},"max_tokens":9}` },
    invalidJson,
  ],
  [
    'a parameter that is named twice, once in escapes',
    { body: `{"m\\u0061x_tokens":1,${JSON.stringify(ASK).slice(1, -1)},"max_tokens":9}` },
    invalidJson,
  ],
  [
    'a gzipped body',
    { headers: { 'content-encoding': 'gzip' }, body: Buffer.from('1f8b0800', 'hex') },
    invalidJson,
  ],
  ['text/plain', { ...json({}), headers: { 'content-type': 'text/plain' } }, unsupportedType],
  ['application/jsonp', { ...json({}), headers: { 'content-type': 'application/jsonp' } }, unsupportedType],
  ['no content type', { ...json({}), headers: { 'content-type': '' } }, unsupportedType],
  ['a body of 40 MB', { body: Buffer.alloc(40 * MIB, ' ') }, { status: 413, code: 'body_too_large' }],
];

const PARAMETERS: Case[] = [
  ['n of 1,000', json({ n: 1000 }), invalid('n')],
  ['n of 0', json({ n: 0 }), invalid('n')],
  ...[-1, 0, 1.5, 1e15, '16', true].map((value): Case => [
    `max_tokens of ${JSON.stringify(value)}`,
    json({ max_tokens: value }),
    invalid('max_tokens'),
  ]),
  [
    'max_tokens of 1e400',
    { body: `{"max_tokens":1e400,${JSON.stringify(ASK).slice(1)}` },
    invalid('max_tokens'),
  ],
  ['max_completion_tokens of -1', json({ max_completion_tokens: -1 }), invalid('max_completion_tokens')],
  ['no model', { body: JSON.stringify({ messages: ASK.messages }) }, invalid('model')],
  ['a model that is no text', json({ model: 7 }), invalid('model')],
  ['an empty model', json({ model: '' }), invalid('model')],
  ['no messages', json({ messages: undefined }), invalid('messages')],
  ['messages that are no list', json({ messages: PROMPT }), invalid('messages')],
  ['an empty list of messages', json({ messages: [] }), invalid('messages')],
  ['stream that is no truth value', json({ stream: 'yes' }), invalid('stream')],
  ['stream_options that are no object', json({ stream_options: 1 }), invalid('stream_options')],
  [
    'web_search_options',
    json({ web_search_options: {} }),
    { status: 400, code: 'parameter_not_supported', param: 'web_search_options' },
  ],
  [
    'service_tier priority',
    json({ service_tier: 'priority' }),
    { status: 400, code: 'parameter_not_supported', param: 'service_tier' },
  ],
  [
    'more output tokens than one request may have',
    json({ max_tokens: 16_001 }),
    {
      status: 400,
      code: 'max_tokens_exceeded',
      param: 'max_completion_tokens',
      facts: { limit: 16_000, used: 16_001 },
    },
  ],
  [
    'more output tokens than one request may have, over all choices',
    json({ max_completion_tokens: 9_000, n: 2 }),
    {
      status: 400,
      code: 'max_tokens_exceeded',
      param: 'max_completion_tokens',
      facts: { limit: 16_000, used: 18_000 },
    },
  ],
  [
    'a call that could cost more than one request may',
    json({ model: 'gpt-4', max_tokens: 16_000 }),
    { status: 400, code: 'max_cost_exceeded', facts: { limit: 500_000_000, used: expect.any(Number) } },
  ],
];

const MODELS: Case[] = [
  ['a model that does not exist', json({ model: 'gpt-nothing' }), unknownModel],
  ...[
    'gpt-4o-mini\u0000',
    'gpt-4o-mini\n',
    ' gpt-4o-mini',
    'gpt-4o-mini\u001b[31m',
    'gpt-4o-mini é',
    'gpt-4o-\ud800',
  ].map((model): Case => [`the model ${JSON.stringify(model)}`, json({ model }), unknownModel]),
  [
    'the model of a model provider that is not configured',
    json({ model: 'claude-sonnet-4-20250514' }),
    unknownModel,
  ],
  ['the model __proto__', json({ model: '__proto__' }), unknownModel],
];

const HEADERS: Case[] = [
  ...['a b', '-a', 'a\tb', 'x'.repeat(129), 'a"b', 'a;b'].map((id): Case => [
    `x-agent-id ${JSON.stringify(id).slice(0, 20)}`,
    withHeaders({ 'x-agent-id': id }),
    badHeader('x-agent-id'),
  ]),
  ['x-agent-id in Latin-1', withHeaders({ 'x-agent-id': 'Bücher' }), badHeader('x-agent-id')],
  ['a bad x-run-id', withHeaders({ 'x-run-id': '{}' }), badHeader('x-run-id')],
  ['a bad x-task-type', withHeaders({ 'x-task-type': 'plan & run' }), badHeader('x-task-type')],
  ['no API key', withHeaders({ authorization: '' }), badKey],
  ['an unknown API key', withHeaders({ authorization: `Bearer ${API_KEY}x` }), badKey],
  ['another scheme than Bearer', withHeaders({ authorization: `Basic ${API_KEY}` }), badKey],
  [
    'two different API keys',
    withHeaders({ 'x-api-key': apiKeyOf('other') }),
    { status: 400, code: 'ambiguous_credentials' },
  ],
];

const ROUTES: Case[] = [
  ['an unknown path', { ...json({}), path: '/v1/nothing' }, noPath],
  ['a path with a bad escape', { ...json({}), path: '/v1/%zz' }, unreadable],
  ['GET', { method: 'GET' }, wrongMethod],
  ['PUT', { ...json({}), method: 'PUT' }, wrongMethod],
  ['DELETE', { method: 'DELETE' }, wrongMethod],
  ['OPTIONS', { method: 'OPTIONS' }, wrongMethod],
  ['POST to the list of models', { ...json({}), path: '/v1/models' }, wrongMethod],
];

const head = (lines: readonly string[]): string =>
  [
    `POST ${PATH} HTTP/1.1`,
    'host: gateway',
    'connection: close',
    'content-type: application/json',
    ...lines,
  ].join('\r\n');
const CONTENT = JSON.stringify(ASK);
const request = (lines: readonly string[]): string =>
  `${head([...lines, `content-length: ${CONTENT.length}`])}\r\n\r\n${CONTENT}`;
const KEY_LINE = `authorization: Bearer ${API_KEY}`;

const RAW: (readonly [name: string, request: string, refusal: Refusal])[] = [
  ['what is not HTTP', 'hello\r\n\r\n', unreadable],
  ['a method that does not exist', `BREW ${PATH} HTTP/1.1\r\nhost: gateway\r\n\r\n`, unreadable],
  [
    'headers of more than 16 KiB',
    request([KEY_LINE, `x-padding: ${'x'.repeat(17_000)}`]),
    { status: 431, code: 'invalid_header' },
  ],
  ['a carriage return in an id', request([KEY_LINE, 'x-agent-id: a\rb']), unreadable],
  ['a line feed in an id', request([KEY_LINE, 'x-run-id: a\nb']), unreadable],
  ['a NUL in an id', request([KEY_LINE, 'x-run-id: a\0b']), unreadable],
  [
    'two different Authorization headers',
    request([KEY_LINE, `authorization: Bearer ${apiKeyOf('other')}`]),
    { status: 400, code: 'ambiguous_credentials' },
  ],
  [
    'two lengths',
    `${head([KEY_LINE, 'content-length: 5', `content-length: ${CONTENT.length}`])}\r\n\r\n${CONTENT}`,
    unreadable,
  ],
  [
    'a length and a chunked body',
    `${head([KEY_LINE, 'content-length: 5', 'transfer-encoding: chunked'])}\r\n\r\n0\r\n\r\n`,
    unreadable,
  ],
];

describe('bad input', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create({
      gateways: 1,
      env: { LLM_ADAPTER: 'openai', LOG_LEVEL: 'debug', TENANT_ACME_ALLOW_EXPENSIVE: 'true' },
      tenants: { other: {} },
    });
  });
  afterAll(() => world.close());

  const url = (): string => world.gateways[0]?.url ?? '';

  function send({ method = 'POST', path = PATH, headers = {}, body }: Sent): Promise<Response> {
    const all = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', ...headers };
    return fetch(url() + path, {
      method,
      headers: Object.entries(all).filter(([, value]) => value !== ''),
      // As bytes: a text would bring a content type of its own.
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    });
  }

  function expectEnvelope(body: string, headers: Headers | Map<string, string>, refusal: Refusal): void {
    const { code, param = null, type = 'invalid_request_error', facts = {} } = refusal;
    expect(JSON.parse(body)).toEqual({
      error: { message: expect.stringMatching(/^[\x20-\x7e]+$/), type, param, code, ...facts },
    });
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('x-request-id')).toMatch(UUID_V7);
    expect(headers.get('x-should-retry')).toBe('false');
    expect(body).not.toContain(PROMPT);
    expect(body).not.toContain(API_KEY);
  }

  async function expectNothingHappened(): Promise<void> {
    expect(world.mock.requests).toEqual([]);
    expect(await world.redisNanoUsd()).toEqual({ settled: 0, held: 0 });
    expect(await world.ledgerRows()).toEqual([]);
  }

  it.each([...BODIES, ...PARAMETERS, ...MODELS, ...HEADERS, ...ROUTES])(
    'refuses %s',
    async (_, sent, refusal) => {
      const response = await send(sent);
      const body = await response.text();
      expect({ status: response.status, body }).toMatchObject({ status: refusal.status });
      expectEnvelope(body, response.headers, refusal);
      await expectNothingHappened();
    },
  );

  it.each(RAW)('refuses %s', async (_, bytes, refusal) => {
    const answer = await exchangeRaw(url(), bytes);
    expect(answer).toMatchObject({ status: refusal.status });
    expectEnvelope(answer.body, new Map(Object.entries(answer.headers)), refusal);
    await expectNothingHappened();
  });

  it('answers HEAD like the refused GET, without a body', async () => {
    const response = await send({ method: 'HEAD' });
    expect(response.status).toBe(405);
    expect(await response.text()).toBe('');
    expect(response.headers.get('x-request-id')).toMatch(UUID_V7);
    await expectNothingHappened();
  });

  it('answers every one of ten clients that send 40 MB, while they are still sending, and goes on', async () => {
    const sent = { body: Buffer.alloc(40 * MIB, ' ') };
    const statuses = await Promise.all(
      Array.from({ length: 10 }, () => send(sent).then(({ status }) => status)),
    );
    expect(statuses).toEqual(Array(10).fill(413));
    expect((await send({ method: 'GET', path: '/v1/models' })).status).toBe(200);
    await expectNothingHappened();
  });

  it('refuses a body of 40 MB whose length nobody told it', async () => {
    const chunks = Array.from({ length: 40 }, () => new Uint8Array(MIB).fill(0x20));
    const response = await fetch(url() + PATH, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      body: ReadableStream.from(chunks),
      duplex: 'half',
    });
    expect(response.status).toBe(413);
    expectEnvelope(await response.text(), response.headers, { status: 413, code: 'body_too_large' });
    await expectNothingHappened();
  });

  it('writes neither key nor prompt into its log', () => {
    const log = world.gateways[0]?.log.join('\n') ?? '';
    expect(log).toContain('invalid_json');
    for (const secret of [API_KEY, apiKeyOf('other'), PROMPT, 'sk-upstream'])
      expect(log).not.toContain(secret);
    expect(log).not.toContain('internal_error');
  });

  describe('that is not as bad as it looks', () => {
    it('is served: a lone surrogate in a message, a parameter that JavaScript inherits, one key in two headers', async () => {
      const odd = `{"model":"${MODEL}","max_tokens":9,"__proto__":{"n":1000},"messages":[{"role":"user","content":"\\ud800 ${PROMPT}"}]}`;
      const response = await send({ body: odd, headers: { 'x-api-key': API_KEY } });
      expect(response.status).toBe(200);
      expect(world.mock.requests.map(({ bodyText }) => bodyText)).toEqual([odd]);
      const twice = await exchangeRaw(url(), request([KEY_LINE, KEY_LINE]));
      expect(twice.status).toBe(200);
      await world.quietNanoUsd();
      expect((await world.ledgerRows()).map(({ status }) => status)).toEqual(['completed', 'completed']);
    });
  });
});
