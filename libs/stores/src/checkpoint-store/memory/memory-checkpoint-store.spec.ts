import { systemClock } from '@tollgate/domain';
import { describeCheckpointStore } from '../checkpoint-store.conformance.js';
import { MemoryCheckpointStore } from './memory-checkpoint-store.js';

describeCheckpointStore('MemoryCheckpointStore', () => {
  // A clock that never stands still, so that newest first is the order of creation.
  let lastMs = 0;
  const clock = { now: () => (lastMs = Math.max(lastMs + 1, systemClock.now())) };
  return Promise.resolve({ store: new MemoryCheckpointStore(clock), close: () => Promise.resolve() });
});
