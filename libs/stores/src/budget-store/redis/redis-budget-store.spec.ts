import { expect } from '@jest/globals';
import { SettableTotals, describeBudgetStore } from '../budget-store.conformance.js';
import { RedisBudgetStore } from './redis-budget-store.js';
import { connectRedis } from './redis-connection.js';

describeBudgetStore('RedisBudgetStore', async () => {
  const totals = new SettableTotals();
  const failures: unknown[] = [];
  const stores: RedisBudgetStore[] = [];
  const start = async (): Promise<RedisBudgetStore> => {
    const redis = connectRedis(process.env['TEST_REDIS_URL'] ?? '', { replyTimeoutMs: 2000 }, (error) =>
      failures.push(error),
    );
    const store = new RedisBudgetStore({ redis, totals, onBackgroundError: (error) => failures.push(error) });
    await store.start();
    stores.push(store);
    return store;
  };
  const store = await start();
  return {
    store,
    totals,
    crash: async () => {
      await store.stop();
      return start();
    },
    close: async () => {
      await stores.at(-1)?.stop();
      expect(failures).toEqual([]);
    },
  };
});
