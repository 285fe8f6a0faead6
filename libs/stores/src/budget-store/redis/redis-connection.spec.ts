import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisServer } from '@tollgate/dev-services';
import { connectRedis } from './redis-connection.js';

const REPLY_TIMEOUT_MS = 300;
/** A server that waited this long would answer after all. */
const PAUSE_MS = 3000;

describe('a connection to a Redis that falls silent', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  it('fails what it owes a reply for, also when it had answered others, and connects again', async () => {
    const redis = connectRedis(server.url, { replyTimeoutMs: REPLY_TIMEOUT_MS }, () => undefined);
    await redis.connect();
    const [pong, paused, late] = await Promise.allSettled([
      redis.ping(),
      redis.client('PAUSE', PAUSE_MS, 'ALL'),
      redis.get('anything'),
    ]);
    expect([pong, paused]).toEqual([
      { status: 'fulfilled', value: 'PONG' },
      { status: 'fulfilled', value: 'OK' },
    ]);
    expect(late.status).toBe('rejected');
    await new Promise((resolve) => redis.once('ready', resolve));
    expect(await redis.ping()).toBe('PONG');
    redis.disconnect();
  });
});
