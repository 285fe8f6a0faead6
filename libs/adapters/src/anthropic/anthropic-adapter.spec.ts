import { startMockModelProvider } from '@tollgate/mock-model-provider';
import { describeModelAdapter } from '../model-adapter.conformance.js';
import { AdapterRegistry } from '../registry.js';

describeModelAdapter(
  'Anthropic behind its translation',
  async (pace) => {
    const mock = await startMockModelProvider({ defaults: { ...pace, chunks: 10 } });
    const adapters = new AdapterRegistry({
      stub: undefined,
      upstream: {
        connectTimeoutMs: 5000,
        firstByteTimeoutMs: 20_000,
        idleTimeoutMs: 20_000,
        maxConnections: 4,
      },
      openai: undefined,
      anthropic: { apiKey: 'sk-test', baseUrl: mock.url },
      compatible: [],
    });
    const adapter = adapters.find('anthropic', 'chat');
    if (!adapter) throw new Error('Anthropic speaks chat through its translation');
    return {
      adapter,
      untilCalled: () => mock.waitForRequests(1),
      untilSaid: () => mock.waitForIdle(),
      close: async () => {
        await adapters.close();
        await mock.close();
      },
    };
  },
  { givesChoices: false },
);
