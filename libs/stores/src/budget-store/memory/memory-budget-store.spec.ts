import { systemClock } from '@tollgate/domain';
import { SettableTotals, describeBudgetStore } from '../budget-store.conformance.js';
import { MemoryBudgetStore } from './memory-budget-store.js';

describeBudgetStore('MemoryBudgetStore', () => {
  const totals = new SettableTotals();
  const store = new MemoryBudgetStore({ totals, clock: systemClock });
  return Promise.resolve({ store, totals, crash: () => Promise.resolve(store), close: () => store.stop() });
});
