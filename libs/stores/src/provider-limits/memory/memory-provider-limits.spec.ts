import { describeProviderLimits } from '../provider-limits.conformance.js';
import { MemoryProviderLimits } from './memory-provider-limits.js';

describeProviderLimits('MemoryProviderLimits', () => {
  let nowMs = Date.UTC(2026, 10, 23);
  const clock = { now: () => nowMs };
  return Promise.resolve({
    open: (limits) => Promise.resolve([new MemoryProviderLimits({ limits, clock })]),
    now: clock.now,
    pass: (ms) => {
      nowMs += ms;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
});
