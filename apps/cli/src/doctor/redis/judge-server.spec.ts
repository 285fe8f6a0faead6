import { describe, expect, it } from '@jest/globals';
import { judgePersistence } from './judge-persistence.js';
import { judgeServer } from './judge-server.js';

describe('judgeServer', () => {
  it.each([
    { info: { redis_version: '6.0.16' }, level: 'error', what: 'Redis 6.0.16 is too old.' },
    { info: { redis_version: '6.2.0' }, level: 'warning', what: 'Redis 6.2.0 is old.' },
    { info: { redis_version: '10.0.1' }, level: 'ok', what: 'Redis 10.0.1 is reachable.' },
    {
      info: { redis_version: '7.2.4', valkey_version: '8.1.0' },
      level: 'ok',
      what: 'Valkey 8.1.0 is reachable.',
    },
    { info: {}, level: 'error', what: 'Redis 0 is too old.' },
  ])('$level: $what', ({ info, level, what }) => {
    expect(judgeServer(info, undefined)[0]).toMatchObject({ level, what });
  });

  it('asks to look at the eviction policy where it is not told', () => {
    expect(judgeServer({ redis_version: '7.2.4' }, undefined)[1]).toMatchObject({
      level: 'warning',
      remedy: 'See that maxmemory-policy is noeviction.',
    });
  });
});

describe('judgePersistence', () => {
  it.each([
    { aof_enabled: '1', aof_last_write_status: 'err', rdb_last_bgsave_status: 'ok' },
    { aof_enabled: '0', rdb_last_bgsave_status: 'err' },
  ])('finds a disk that cannot be written to: %j', (info) => {
    expect(judgePersistence(info, '3600 1')).toMatchObject({
      level: 'error',
      what: 'Redis could not write its data to its disk.',
    });
  });
});
