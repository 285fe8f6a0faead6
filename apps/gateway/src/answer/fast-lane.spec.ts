import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ASK } from '../testing/openai-client.js';
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
