import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisServer } from '@tollgate/dev-services';
import type { Redis } from 'ioredis';
import { connectRedis } from '../../budget-store/redis/redis-connection.js';
import { describeProviderLimits } from '../provider-limits.conformance.js';
import { RedisProviderLimits, providerKey } from './redis-provider-limits.js';

const REPLICAS = 30;
const KEYS = ['openai', 'anthropic'].map(providerKey);

/** Moves a key's time into the past: to the script it is all the same whether the clock went on. */
const PASS = `
for _, key in ipairs(KEYS) do
  local due = redis.call('GET', key)
  if due then redis.call('SET', key, tonumber(due) - tonumber(ARGV[1]), 'KEEPTTL') end
end`;

async function connect(url: string): Promise<Redis> {
  const redis = connectRedis(url, { replyTimeoutMs: 2000 }, () => undefined);
  await redis.connect();
  return redis;
}

describeProviderLimits('RedisProviderLimits', async () => {
  const redis = await connect(process.env['TEST_REDIS_URL'] ?? '');
  let passedMs = 0;
  const now = (): number => performance.now() + passedMs;
  return {
    open: async (limits) => {
      await redis.del(...KEYS);
      return Array.from(
        { length: REPLICAS },
        () => new RedisProviderLimits({ redis, limits, clock: { now } }),
      );
    },
    now,
    pass: async (ms) => {
      passedMs += ms;
      await redis.eval(PASS, KEYS.length, ...KEYS, ms);
    },
    close: async () => {
      await redis.del(...KEYS);
      redis.disconnect();
    },
  };
});

describe('RedisProviderLimits', () => {
  let server: RedisServer;
  let redis: Redis;
  let nowMs: number;
  beforeEach(async () => {
    server = await startRedis();
    redis = await connect(server.url);
    nowMs = 0;
  });
  afterEach(async () => {
    redis.disconnect();
    await server.stop();
  });

  const open = (requestsPerMinute: number): RedisProviderLimits =>
    new RedisProviderLimits({
      redis,
      limits: [{ modelProvider: 'openai', requestsPerMinute }],
      clock: { now: () => nowMs },
    });

  async function scriptCalls(): Promise<number> {
    const stats = await redis.info('commandstats');
    return ['evalsha', 'eval']
      .map((command) => Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0))
      .reduce((sum, calls) => sum + calls);
  }

  it('asks once for all calls that wait, and answers from what it leased at once', async () => {
    const limits = open(60_000); // A lease of at most 100.
    await limits.take('openai'); // The server knows the script now.
    const before = await scriptCalls();
    expect(
      await Promise.all(Array.from({ length: 50 }, () => Promise.resolve(limits.take('openai')))),
    ).toEqual(Array(50).fill({ granted: true }));
    const asked = await scriptCalls();
    expect(asked - before).toBeLessThanOrEqual(2); // One for the first, one for those that came meanwhile.
    for (let call = 0; call < 50; call += 1) expect(limits.take('openai')).toEqual({ granted: true });
    expect(await scriptCalls()).toBe(asked);
  });

  it('drops what it leased and did not use within a second', async () => {
    const limits = open(60_000);
    await limits.take('openai');
    await limits.take('openai'); // At this pace it leases ahead.
    expect(limits.take('openai')).toEqual({ granted: true });
    nowMs = 999;
    expect(limits.take('openai')).toEqual({ granted: true });
    nowMs = 1000;
    const asked = limits.take('openai');
    expect(asked).toBeInstanceOf(Promise);
    expect(await asked).toEqual({ granted: true });
  });

  it('has a burst that is shorter by the time that leases are kept', async () => {
    const limits = open(1200); // One for each 50 ms, and at most two leased at once.
    const permits = await Promise.all(
      Array.from({ length: 1200 }, () => Promise.resolve(limits.take('openai'))),
    );
    const granted = permits.filter((permit) => permit.granted).length;
    expect(granted).toBeGreaterThanOrEqual(1180);
    expect(granted).toBeLessThan(1200);
  });

  it('leases no more than its pace needs, so that a quiet replica drops little', async () => {
    const limits = open(60_000);
    for (nowMs = 0; nowMs < 10_000; nowMs += 100) await limits.take('openai'); // 10 a second
    const due = Number(await redis.get(providerKey('openai')));
    const [seconds = '', micros = ''] = (await redis.time()) as unknown as string[];
    const aheadMs = due - Number(seconds) * 1000 - Number(micros) / 1000;
    expect(aheadMs).toBeLessThanOrEqual(110); // 100 calls at 1 ms each, and at most one small lease.
  });

  it('has one call for each permit at a low limit', async () => {
    const limits = open(60);
    const before = await scriptCalls();
    for (let call = 0; call < 10; call += 1) expect(await limits.take('openai')).toEqual({ granted: true });
    expect(await scriptCalls()).toBeGreaterThanOrEqual(before + 10);
  });

  it('asks nobody again before the time that a refusal named', async () => {
    const limits = open(1);
    await limits.take('openai');
    expect(await limits.take('openai')).toMatchObject({ granted: false });
    const before = await scriptCalls();
    nowMs = 30_000;
    expect(limits.take('openai')).toMatchObject({ granted: false, limit: 1, used: 1 });
    expect(await scriptCalls()).toBe(before);
  });

  it('is unavailable while Redis is down, for every call that waits, and works again afterwards', async () => {
    const limits = open(60);
    redis.disconnect();
    const waiting = [limits.take('openai'), limits.take('openai')];
    for (const permit of waiting)
      await expect(permit).rejects.toMatchObject({ code: 'budget_store_unavailable', retryAfterMs: 1000 });
    await once(redis, 'end');
    await redis.connect();
    expect(await limits.take('openai')).toEqual({ granted: true });
  });

  it('does not wait for a clock that was set back', async () => {
    await redis.set(providerKey('openai'), Date.now() + 3_600_000);
    const limits = open(60_000);
    const first = await limits.take('openai');
    expect(first).toEqual({ granted: false, limit: 60_000, used: 60_000, retryAfterMs: expect.any(Number) });
    let later = first;
    for (let turn = 0; turn < 1000 && !later.granted; turn += 1) {
      nowMs += 10; // What a refusal said is over; the server goes by its own time, of which each turn takes a little.
      later = await limits.take('openai');
    }
    expect(later).toEqual({ granted: true });
  });
});
