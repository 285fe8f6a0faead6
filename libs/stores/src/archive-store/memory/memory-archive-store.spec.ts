import { describeArchiveStore } from '../archive-store.conformance.js';
import { MemoryArchiveStore } from './memory-archive-store.js';

describeArchiveStore('MemoryArchiveStore', () => {
  const store = new MemoryArchiveStore();
  return Promise.resolve({ store, reopen: () => Promise.resolve(store), close: () => store.close() });
});
