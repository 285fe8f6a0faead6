import { describe, expect, it } from '@jest/globals';

import type { MockModelProvider } from './mock-model-provider.js';
import { post, withMock } from './spec-client.js';

function order(mock: MockModelProvider, route: string, body?: object): Promise<Response> {
  return fetch(`${mock.url}/${route}`, { method: 'POST', body: JSON.stringify(body ?? {}) });
}

describe('the admin routes', () => {
  it('set a behaviour, show the bill and reset both', async () => {
    await withMock(async (mock) => {
      expect((await order(mock, '__behave', { chunks: 2 })).status).toBe(200);
      await (await post(mock, { requestId: 'a' })).json();
      const bill = (): Promise<unknown> => fetch(`${mock.url}/__bill`).then((response) => response.json());
      expect(await bill()).toMatchObject({
        calls: 1,
        outputTokens: 2,
        openCalls: 0,
        byRequest: { a: { outputTokens: 2 } },
      });
      await order(mock, '__reset');
      expect(await bill()).toMatchObject({ calls: 0, outputTokens: 0, byRequest: {} });
      expect(await (await post(mock)).json()).toMatchObject({ usage: { completion_tokens: 20 } });
    });
  });

  it('refuse a behaviour that makes no sense and keep the one before', async () => {
    await withMock(async (mock) => {
      await order(mock, '__behave', { chunks: 2 });
      const response = await order(mock, '__behave', { chunkz: 3 });
      expect([response.status, await response.json()]).toEqual([400, { error: 'chunkz is not a behaviour' }]);
      expect(await (await post(mock)).json()).toMatchObject({ usage: { completion_tokens: 2 } });
    });
  });

  it('are not logged, while other requests are logged as they came', async () => {
    await withMock(async (mock) => {
      await order(mock, '__reset');
      await post(mock, { requestId: 'a' });
      expect(mock.requests).toMatchObject([
        {
          requestId: 'a',
          method: 'POST',
          path: '/v1/chat/completions',
          body: { model: 'm' },
          bodyText: expect.stringContaining('"model":"m"'),
        },
      ]);
    });
  });
});
