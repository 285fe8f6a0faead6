import { describe, expect, it } from '@jest/globals';

import { post, withMock } from './spec-client.js';

const path = '/v1/embeddings';

describe('the embeddings of the OpenAI wire', () => {
  it('are a vector for each input, and bill the input alone', async () => {
    await withMock(async (mock) => {
      const body = { input: ['abcdefgh', 'abcd'], dimensions: 2 };
      const response = await post(mock, { path, body, requestId: 'a' });
      expect(await response.json()).toEqual({
        object: 'list',
        data: [
          { object: 'embedding', index: 0, embedding: [1, 0.5] },
          { object: 'embedding', index: 1, embedding: [0.5, Math.fround(1 / 3)] },
        ],
        model: 'm',
        usage: { prompt_tokens: 3, total_tokens: 3 },
      });
      expect(mock.bill().byRequest.get('a')).toMatchObject({
        model: 'm',
        status: 'completed',
        inputTokens: 3,
        outputTokens: 0,
      });
    });
  });

  it('count a list of numbers as one input of so many tokens', async () => {
    await withMock(async (mock) => {
      const response = await post(mock, { path, body: { input: [5, 6, 7], dimensions: 1 } });
      expect(await response.json()).toMatchObject({ data: [{ index: 0 }], usage: { prompt_tokens: 3 } });
    });
  });

  it('come in base64 to those who ask for it', async () => {
    await withMock(async (mock) => {
      const body = { input: 'abcd', dimensions: 2, encoding_format: 'base64' };
      const answer = (await (await post(mock, { path, body })).json()) as { data: { embedding: string }[] };
      const bytes = Buffer.from(answer.data[0]?.embedding ?? '', 'base64');
      expect([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.length]).toEqual([1, 0.5, 8]);
    });
  });

  it('are refused without an input, and bill nothing', async () => {
    await withMock(async (mock) => {
      const response = await post(mock, { path });
      expect([response.status, await response.json()]).toEqual([
        400,
        {
          error: {
            message: "Invalid 'input': expected a text.",
            type: 'invalid_request_error',
            param: 'input',
            code: null,
          },
        },
      ]);
      expect(mock.bill()).toMatchObject({ inputTokens: 0, byStatus: { failed: 1 } });
    });
  });

  it('fail as they are told to', async () => {
    await withMock(async (mock) => {
      mock.behave({ status: 503 });
      const response = await post(mock, { path, body: { input: 'abcd' } });
      expect([response.status, await response.json()]).toMatchObject([
        503,
        { error: { type: 'server_error' } },
      ]);
    });
  });
});
