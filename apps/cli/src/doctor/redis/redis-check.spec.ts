import { afterEach, describe, expect, it } from '@jest/globals';
import { findFreePort, startRedis, type RedisOptions, type RedisServer } from '@tollgate/dev-services';
import { systemClock, type Clock } from '@tollgate/domain';
import { Redis } from 'ioredis';
import type { Finding } from '../finding.js';
import { findingsOf } from '../testing/findings-of.js';
import { RedisCheck } from './redis-check.js';

const HOUR_MS = 3_600_000;

describe('RedisCheck', () => {
  const servers: RedisServer[] = [];
  const clients: Redis[] = [];

  async function open(options?: RedisOptions): Promise<{ server: RedisServer; client: Redis }> {
    const server = await startRedis(options);
    const client = new Redis(server.url);
    servers.push(server);
    clients.push(client);
    return { server, client };
  }
  const look = (url: string, clock: Clock = systemClock): Promise<readonly Finding[]> =>
    findingsOf(new RedisCheck({ url, clock }));

  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  it('finds a server with noeviction and AOF in order', async () => {
    const { server, client } = await open({ appendOnly: true });
    const version = /redis_version:(\S+)/.exec(await client.info())?.[1];
    expect(await look(server.url)).toEqual([
      { level: 'ok', what: `Redis ${version} is reachable.` },
      { level: 'ok', what: 'Redis evicts nothing (maxmemory-policy noeviction).' },
      { level: 'ok', what: 'Redis keeps its data (AOF).' },
      { level: 'ok', what: "The clock of Redis agrees with this machine's." },
      { level: 'ok', what: 'Redis runs scripts on the keys of Tollgate.' },
    ]);
  });

  it('finds a server that forgets: by eviction, and at every restart', async () => {
    const { server, client } = await open();
    await client.config('SET', 'maxmemory', '50mb', 'maxmemory-policy', 'allkeys-lru');
    expect((await look(server.url)).slice(1, 3)).toEqual([
      {
        level: 'error',
        what: 'Redis evicts keys when its memory is full (maxmemory-policy allkeys-lru).',
        why: 'Evicting the holds of a tenant lets it spend more than its budget.',
        remedy: 'Set maxmemory-policy to noeviction.',
      },
      {
        level: 'warning',
        what: 'Redis keeps nothing on disk.',
        why: 'After a restart it comes back empty: rates start anew, and the first call of each tenant waits for its budget.',
        remedy: 'Set appendonly yes, with appendfsync everysec.',
      },
    ]);
    await client.config('SET', 'save', '3600 1');
    expect((await look(server.url))[2]).toEqual({
      level: 'ok',
      what: 'Redis keeps its data (RDB snapshots).',
    });
  });

  it('does without CONFIG, which hosted servers refuse', async () => {
    const { server, client } = await open();
    await client.acl('SETUSER', 'app', 'on', '>pass', '~tollgate:*', '+@all', '-config');
    const url = server.url.replace('redis://', 'redis://app:pass@');
    expect((await look(url))[2]).toMatchObject({
      level: 'warning',
      what: 'Redis has no AOF, and does not say whether it makes snapshots.',
    });
  });

  it('finds a replica, and a user without scripts or without the keys', async () => {
    const { server, client } = await open();
    const other = await open();
    await client.replicaof('127.0.0.1', other.server.port);
    expect(await look(server.url)).toContainEqual({
      level: 'error',
      what: 'This Redis is a replica.',
      why: 'It refuses to write, so no call can be admitted.',
      remedy: 'Point REDIS_URL at the primary, or at an address that follows it.',
    });
    await other.client.acl('SETUSER', 'app', 'on', '>pass', '~other:*', '+@all');
    const url = other.server.url.replace('redis://', 'redis://app:pass@');
    expect((await look(url)).at(-1)).toEqual({
      level: 'error',
      what: 'Redis refuses a script on the keys of Tollgate (NOPERM).',
      why: 'Every hold and every settlement is a script.',
      remedy:
        'Let this user run INFO, TIME, EVAL, EVALSHA and SCRIPT, and use all keys of tollgate:*: REDIS_URL.',
    });
  });

  it('takes a cluster of one shard, and none of two', async () => {
    const [first, second] = await Promise.all([open({ cluster: true }), open({ cluster: true })]);
    expect(await look(first.server.url)).toContainEqual(
      expect.objectContaining({
        level: 'error',
        what: 'The Redis cluster is not in order (cluster_state).',
      }),
    );
    await first.client.call('CLUSTER', 'ADDSLOTSRANGE', 0, 8191);
    await second.client.call('CLUSTER', 'ADDSLOTSRANGE', 8192, 16_383);
    const [, busPort = ''] = (await second.client.config('GET', 'cluster-port')) as string[];
    await first.client.call('CLUSTER', 'MEET', '127.0.0.1', second.server.port, busPort);
    await clusterIsUp(first.client);
    expect(await look(first.server.url)).toContainEqual({
      level: 'error',
      what: 'The Redis cluster has 2 shards, and a gateway talks to the one of REDIS_URL.',
      why: 'Calls of tenants whose slot is on another shard are refused (MOVED).',
      remedy: 'Use a cluster of one shard, a server without cluster mode, or a proxy that hides the shards.',
    });
    const alone = await open({ cluster: true });
    await alone.client.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
    await clusterIsUp(alone.client);
    expect(await look(alone.server.url)).toContainEqual({
      level: 'ok',
      what: 'The Redis cluster has one shard.',
    });
  });

  it('sees how far its clock is off', async () => {
    const { server } = await open();
    const hourLater: Clock = { now: () => Date.now() + HOUR_MS };
    expect((await look(server.url, hourLater))[3]).toMatchObject({
      level: 'error',
      what: expect.stringMatching(/^The clock of Redis is (3599\.\d|3600\.\d) s or more behind /),
    });
  });

  it('names the code when it cannot be used, and what to do', async () => {
    const { server } = await open();
    const why = 'Without it no call can be admitted (BUDGET_FAILURE_MODE=closed), or none is bounded (open).';
    const refused = await look(`redis://127.0.0.1:${await findFreePort()}`);
    const wrong = await look(server.url.replace('redis://', 'redis://app:s3cret@'));
    expect([refused, wrong]).toEqual([
      [
        {
          level: 'error',
          what: 'Redis cannot be used (ECONNREFUSED).',
          why,
          remedy: 'Start it, or correct host and port: REDIS_URL.',
        },
      ],
      [
        {
          level: 'error',
          what: 'Redis cannot be used (WRONGPASS).',
          why,
          remedy: 'Correct user and password: REDIS_URL.',
        },
      ],
    ]);
  });
});

/** Resolves when all slots are served, as the servers' own gossip has it. */
async function clusterIsUp(client: Redis): Promise<void> {
  while (!String(await client.cluster('INFO')).includes('cluster_state:ok'))
    await new Promise((resolve) => setImmediate(resolve));
}
