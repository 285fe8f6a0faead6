import { describe, expect, it } from '@jest/globals';

import { parseJson } from './json-value.js';
import type { GarbageKind } from './mock-behaviour.js';
import { eventsOf, post, readUntilBreak, withMock } from './spec-client.js';

const KINDS: readonly GarbageKind[] = ['html', 'not-json', 'truncated-json', 'empty', 'half-event', 'binary'];

describe('faults', () => {
  it.each(KINDS)(
    'answers a plain call with 200 and a body that is %s, and bills it in full',
    async (garbage) => {
      await withMock(async (mock) => {
        mock.behave({ garbage });
        const response = await post(mock);
        expect(response.status).toBe(200);
        expect(parseJson(await response.text())).toBeUndefined();
        expect(mock.bill()).toMatchObject({ byStatus: { aborted: 1 }, inputTokens: 6, outputTokens: 20 });
      });
    },
  );

  it.each(KINDS)(
    'answers a stream with 200 and garbage that is %s, and bills the whole events',
    async (garbage) => {
      await withMock(async (mock) => {
        mock.behave({ garbage });
        const text = await (await post(mock, { body: { stream: true } })).text();
        const contentEvents = eventsOf(text).length === 0 ? 0 : eventsOf(text).length - 1;
        expect(text).not.toContain('[DONE]');
        expect(contentEvents).toBe(garbage === 'half-event' || garbage === 'truncated-json' ? 10 : 0);
        expect(mock.bill()).toMatchObject({
          byStatus: { aborted: 1 },
          inputTokens: 6,
          outputTokens: contentEvents,
        });
      });
    },
  );

  it('breaks the connection before the body, plain and streamed', async () => {
    await withMock(async (mock) => {
      mock.behave({ cutBeforeBody: true });
      for (const stream of [false, true]) {
        const response = await post(mock, { body: { stream } });
        expect(response.status).toBe(200);
        expect(await readUntilBreak(response)).toEqual({ text: '', isBroken: true });
      }
      expect(mock.bill()).toMatchObject({ inputTokens: 12, outputTokens: 20, byStatus: { aborted: 2 } });
    });
  });

  it('lies about the content length in both directions', async () => {
    await withMock(async (mock) => {
      mock.behave({ wrongContentLength: 'short' });
      const short = await readUntilBreak(await post(mock));
      expect(parseJson(short.text)).toBeUndefined();
      mock.behave({ wrongContentLength: 'long' });
      expect((await readUntilBreak(await post(mock))).isBroken).toBe(true);
    });
  });

  it('stays silent until the client gives up and bills nothing', async () => {
    await withMock(async (mock) => {
      mock.behave({ silent: true });
      const hangUp = new AbortController();
      const lost = post(mock, { signal: hangUp.signal });
      await mock.waitForRequests(1);
      hangUp.abort();
      await expect(lost).rejects.toThrow();
      await mock.waitForIdle();
      expect(mock.bill()).toMatchObject({ calls: 1, inputTokens: 0, byStatus: { failed: 1 } });
    });
  });

  it.each([
    ['html', '<!DOCTYPE html>'],
    ['empty', ''],
    ['garbage', '{"error":{"mess'],
  ] as const)('gives an error status a body that is %s', async (errorBody, start) => {
    await withMock(async (mock) => {
      mock.behave({ status: 502, errorBody });
      const response = await post(mock);
      const text = await response.text();
      expect([response.status, text.slice(0, start.length), text === '']).toEqual([502, start, start === '']);
    });
  });

  it('streams the same events split, coalesced, paced and with CR LF', async () => {
    await withMock(async (mock) => {
      const plain = await (await post(mock, { body: { stream: true } })).text();
      const withoutId = (text: string): string =>
        text.replaceAll(/"id":"[^"]*","object":"[^"]*","created":\d+/g, '');
      const paces = [
        { coalesce: 3 },
        { splitBytes: 3 },
        { splitBytes: 50, coalesce: 2 },
        { firstChunkDelayMs: 1, chunkDelayMs: 1 },
      ];
      for (const pace of paces) {
        mock.behave(pace);
        expect(withoutId(await (await post(mock, { body: { stream: true } })).text())).toBe(withoutId(plain));
      }
      mock.behave({ crlf: true });
      const crlf = await (await post(mock, { body: { stream: true } })).text();
      expect(withoutId(crlf)).toBe(withoutId(plain).replaceAll('\n', '\r\n'));
      expect(mock.bill()).toMatchObject({ calls: 6, outputTokens: 120, byStatus: { completed: 6 } });
    });
  });

  it('pads words to the chunk size and leaves the usage out when asked', async () => {
    await withMock(async (mock) => {
      mock.behave({ chunks: 1, chunkBytes: 10, omitUsage: true });
      const answer: unknown = await (await post(mock)).json();
      expect(answer).toMatchObject({ choices: [{ message: { content: 'word1xxxx ' } }] });
      expect(answer).not.toHaveProperty('usage');
      expect(mock.bill().outputTokens).toBe(1);
    });
  });

  it('closes with calls still open and settles them as hung up', async () => {
    await withMock(async (mock) => {
      mock.behave({ chunkDelayMs: 600_000 });
      const response = await post(mock, { body: { stream: true } });
      await mock.close();
      expect((await readUntilBreak(response)).isBroken).toBe(true);
      expect(mock.bill()).toMatchObject({ outputTokens: 1, byStatus: { aborted: 1 } });
    });
  });
});
