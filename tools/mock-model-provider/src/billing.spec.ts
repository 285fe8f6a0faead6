import { describe, expect, it } from '@jest/globals';

import { post, readUntil, readUntilBreak, withMock } from './spec-client.js';
import { startMockModelProvider } from './mock-model-provider.js';

describe('the bill', () => {
  it('holds a completed call before its client has the end of the answer', async () => {
    await withMock(async (mock) => {
      await (await post(mock, { requestId: 'a', body: { stream: true } })).text();
      expect(mock.openCalls).toBe(0);
      expect(mock.bill()).toMatchObject({ calls: 1, inputTokens: 6, outputTokens: 20 });
      expect(mock.bill().byRequest.get('a')).toMatchObject({
        status: 'completed',
        outputTokens: 20,
        attempts: 1,
      });
    });
  });

  it('counts a stream its client left as the input and the chunks written', async () => {
    await withMock(async (mock) => {
      mock.behave({ stallAfterChunks: 3 });
      const hangUp = new AbortController();
      const response = await post(mock, { requestId: 'a', body: { stream: true }, signal: hangUp.signal });
      await readUntil(response, 'word3 ');
      hangUp.abort();
      await mock.waitForIdle();
      expect(mock.bill().byRequest.get('a')).toMatchObject({
        status: 'aborted',
        inputTokens: 6,
        outputTokens: 3,
        streamedContent: 'word1 word2 word3 ',
      });
    });
  });

  it('counts a plain call in full when its client hangs up before the answer', async () => {
    await withMock(async (mock) => {
      mock.behave({ latencyMs: 600_000 });
      const hangUp = new AbortController();
      const lost = post(mock, { requestId: 'a', signal: hangUp.signal });
      await mock.waitForRequests(1);
      expect(mock.openCalls).toBe(1);
      hangUp.abort();
      await expect(lost).rejects.toThrow();
      await mock.waitForIdle();
      expect(mock.bill().byRequest.get('a')).toMatchObject({
        status: 'aborted',
        inputTokens: 6,
        outputTokens: 20,
      });
    });
  });

  it('counts nothing for an error status and adds up the attempts of one request id', async () => {
    await withMock(async (mock) => {
      let calls = 0;
      mock.behave(() => (calls++ === 0 ? { status: 503 } : undefined));
      expect((await post(mock, { requestId: 'a' })).status).toBe(503);
      expect(mock.bill()).toMatchObject({ calls: 1, inputTokens: 0, outputTokens: 0 });
      await (await post(mock, { requestId: 'a' })).json();
      expect(mock.bill()).toMatchObject({ calls: 2, byStatus: { failed: 1, completed: 1 } });
      expect(mock.bill().byRequest.get('a')).toMatchObject({
        attempts: 2,
        status: 'completed',
        outputTokens: 20,
      });
    });
  });

  it('counts the reported tokens when the reported usage is wrong', async () => {
    await withMock(async (mock) => {
      mock.behave({ wrongUsage: { promptTokens: 1_000, completionTokens: 1 } });
      const answer: unknown = await (await post(mock)).json();
      expect(answer).toMatchObject({
        usage: { prompt_tokens: 1_000, completion_tokens: 1, total_tokens: 1_001 },
      });
      expect(mock.bill()).toMatchObject({ inputTokens: 1_000, outputTokens: 1 });
    });
  });

  it('counts the chunks before a cut exactly, whatever the writes look like', async () => {
    await withMock(async (mock) => {
      for (const pace of [{}, { coalesce: 4 }, { splitBytes: 7 }, { chunkDelayMs: 1 }, { crlf: true }]) {
        mock.behave({ cutAfterChunks: 5, ...pace });
        const response = await post(mock, { requestId: JSON.stringify(pace), body: { stream: true } });
        const { text, isBroken } = await readUntilBreak(response);
        expect([isBroken, text.includes('word5 '), text.includes('word6 ')]).toEqual([true, true, false]);
        const served = mock.bill().byRequest.get(JSON.stringify(pace));
        expect(served).toMatchObject({
          status: 'aborted',
          outputTokens: 5,
          streamedContent: 'word1 word2 word3 word4 word5 ',
        });
      }
    });
  });

  it('leaves out calls that were open at a reset', async () => {
    await withMock(async (mock) => {
      mock.behave({ stallAfterChunks: 1 });
      const hangUp = new AbortController();
      await post(mock, { body: { stream: true }, signal: hangUp.signal });
      mock.reset();
      hangUp.abort();
      await mock.waitForIdle();
      expect(mock.bill()).toMatchObject({ calls: 0, inputTokens: 0 });
      expect(mock.requests).toEqual([]);
    });
  });

  it('keeps sums only when told to record totals', async () => {
    const mock = await startMockModelProvider({ record: 'totals' });
    await (await post(mock)).json();
    expect(mock.bill()).toMatchObject({ calls: 1, inputTokens: 6, outputTokens: 20, byRequest: new Map() });
    expect(mock.requests).toEqual([]);
    await mock.close();
  });

  it('forgets the oldest calls beyond its limit but not their tokens', async () => {
    const mock = await startMockModelProvider({ servedCallLimit: 2, requestLimit: 1 });
    for (const requestId of ['a', 'b', 'c']) await (await post(mock, { requestId })).json();
    expect([...mock.bill().byRequest.keys()]).toEqual(['b', 'c']);
    expect(mock.requests.map((request) => request.requestId)).toEqual(['c']);
    expect(mock.bill().outputTokens).toBe(60);
    await mock.close();
  });
});
