import { startMockModelProvider } from '@tollgate/mock-model-provider';
import { describeModelAdapter } from '../model-adapter.conformance.js';
import { Upstream } from '../upstream/upstream.js';
import { HttpAdapter } from '../wire/http-adapter.js';
import { chatProtocol } from './chat/chat-protocol.js';

describeModelAdapter('HttpAdapter', async (pace) => {
  const mock = await startMockModelProvider({ defaults: { ...pace, chunks: 10 } });
  const adapter = new HttpAdapter(
    'openai',
    new Upstream({
      baseUrl: `${mock.url}/v1`,
      headers: { authorization: 'Bearer sk-test', 'content-type': 'application/json' },
      connectTimeoutMs: 5000,
      firstByteTimeoutMs: 20_000,
      idleTimeoutMs: 20_000,
      maxConnections: 4,
    }),
    [chatProtocol],
  );
  return {
    adapter,
    untilCalled: () => mock.waitForRequests(1),
    untilSaid: () => mock.waitForIdle(),
    close: async () => {
      await adapter.close();
      await mock.close();
    },
  };
});
