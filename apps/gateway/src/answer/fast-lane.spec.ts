import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ASK } from '../testing/openai-client.js';
import { CheckpointClient, type CheckpointAnswer } from '../testing/checkpoint-client.js';
import { API_KEY, World } from '../testing/world.js';

const BODY = JSON.stringify(ASK);
const chunked = (): ReadableStream => new Blob([BODY]).stream();

describe('a model call', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create({ gateways: 1 });
  });
  afterAll(() => world.close());

  /** The answer, but for what differs in any two calls. */
  async function answerTo(path: string, headers: object, body: string | ReadableStream) {
    const response = await fetch(`${world.gateways[0]?.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, ...headers },
      body,
      duplex: 'half',
    });
    const names = [...response.headers.keys()].filter((name) => !['date', 'keep-alive'].includes(name));
    return { status: response.status, names: names.toSorted(), body: await response.text() };
  }

  it.each([
    ['a body of known length', '/v1/chat/completions', 'application/json', () => BODY],
    ['a chunked body', '/v1/chat/completions', 'application/json', chunked],
    ['a charset', '/v1/chat/completions', 'application/json; charset=utf-8', () => BODY],
    ['a trailing slash', '/v1/chat/completions/', 'application/json', () => BODY],
    ['a query', '/v1/chat/completions?api-version=1', 'application/json', () => BODY],
  ] as const)('is answered the same with %s', async (_, path, type, body) => {
    const usual = await answerTo('/v1/chat/completions', { 'content-type': 'application/json' }, BODY);
    expect(usual).toMatchObject({ status: 200, body: expect.stringContaining('chat.completion') });
    const answer = await answerTo(path, { 'content-type': type }, body());
    const withoutId = (text: string): string => text.replace(/"id":"[^"]+"|"created":\d+/g, '');
    expect({ ...answer, body: withoutId(answer.body) }).toEqual({ ...usual, body: withoutId(usual.body) });
  });

  it.each([
    ['no JSON', '{', 'invalid_json', 400],
    ['no body', '', 'invalid_json', 400],
    ['an unknown model', JSON.stringify({ ...ASK, model: 'nope' }), 'model_not_found', 404],
  ])('is refused the same on both lanes for %s', async (_, body, code, status) => {
    const answers = [];
    for (const type of ['application/json', 'application/json;charset=utf-8'])
      answers.push(await answerTo('/v1/chat/completions', { 'content-type': type }, body));
    expect(answers[0]).toMatchObject({ status, body: expect.stringContaining(`"code":"${code}"`) });
    expect(answers[1]).toEqual(answers[0]);
  });
});

describe('a checkpoint', () => {
  let world: World;
  let client: CheckpointClient;
  beforeAll(async () => {
    world = await World.create({ gateways: 1 });
    client = new CheckpointClient(world.gateways[0]?.url ?? '', API_KEY);
  });
  afterAll(() => world.close());

  const FRAMEWORK = { 'content-type': 'application/json; charset=utf-8' };

  /** The answer, but for what differs in any two requests. */
  function comparable({ status, headers, text }: CheckpointAnswer): object {
    const names = [...headers.keys()].filter((name) => !['date', 'keep-alive'].includes(name));
    const differing = /"(?:run_id|created_at|updated_at)":"[^"]+"/g;
    const type = headers.get('content-type');
    return { status, type, names: names.toSorted(), text: text.replace(differing, '') };
  }

  it('is written the same on both lanes', async () => {
    for (const [document, status] of [
      [{ step: 1 }, 201],
      [{ step: 2 }, 200],
      ['{', 400],
      ['', 400],
      [{ status: 'unknown' }, 400],
    ] as const) {
      const usual = await client.put('usual', document);
      expect(usual.status).toBe(status);
      expect(comparable(await client.put('other', document, FRAMEWORK))).toEqual(comparable(usual));
    }
    const stale = { 'if-match': '"1"' };
    const usual = await client.put('usual', { step: 3 }, stale);
    expect(usual.status).toBe(412);
    const other = await client.put('other', { step: 3 }, { ...stale, ...FRAMEWORK });
    expect(comparable(other)).toEqual(comparable(usual));
  });

  it('is read the same on both lanes', async () => {
    await client.put('read', { step: 1 });
    for (const [runId, headers, status] of [
      ['read', {}, 200],
      ['read', { 'if-none-match': '"1"' }, 304],
      ['read', { 'if-none-match': '1' }, 400],
      ['missing', {}, 404],
      ['read', { authorization: 'Bearer nobody' }, 401],
    ] as const) {
      const usual = await client.get(runId, headers);
      expect(usual.status).toBe(status);
      for (const path of [`${runId}/`, `${runId}?`, `%${runId.charCodeAt(0).toString(16)}${runId.slice(1)}`])
        expect(comparable(await client.get(path, headers))).toEqual(comparable(usual));
    }
  });
});
