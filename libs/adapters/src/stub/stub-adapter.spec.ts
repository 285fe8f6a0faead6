import { describeModelAdapter } from '../model-adapter.conformance.js';
import { StubAdapter } from './stub-adapter.js';

describeModelAdapter('StubAdapter', async (pace) => {
  const adapter = new StubAdapter(pace);
  return {
    adapter,
    untilCalled: () => Promise.resolve(),
    untilSaid: () => Promise.resolve(),
    close: () => adapter.close(),
  };
});
