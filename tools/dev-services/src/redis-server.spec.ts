import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { startRedis, type RedisServer } from './index.js';

describe('a private Redis', () => {
  let server: RedisServer;

  beforeEach(async () => {
    server = await startRedis();
  });

  afterEach(() => server.stop());

  it('answers on its URL', async () => {
    expect(await withClient(server, (client) => client.ping())).toBe('PONG');
  });

  it('refuses connections after it was killed and comes back empty on the same port', async () => {
    await withClient(server, (client) => client.set('key', 'value'));
    const { port, pid } = server;
    await server.kill();
    await expect(openSocket(port)).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    expect(server.port).toBe(port);
    expect(server.pid).not.toBe(pid);
    expect(await withClient(server, (client) => client.get('key'))).toBeNull();
  });

  it('comes back empty after a restart in order', async () => {
    await withClient(server, (client) => client.set('key', 'value'));
    await server.restart();
    expect(await withClient(server, (client) => client.get('key'))).toBeNull();
  });

  it('answers nothing while paused, and everything later', async () => {
    await withClient(server, async (client) => {
      await client.set('key', 'value');
      server.pause();
      const answer = client.get('key');
      const impatient = client.duplicate({ commandTimeout: 100, enableReadyCheck: false });
      await expect(impatient.ping()).rejects.toThrow('Command timed out');
      impatient.disconnect();
      server.resume();
      expect(await answer).toBe('value');
    });
  });

  it('stops when paused, and stops only once', async () => {
    server.pause();
    await server.stop();
    await server.stop();
    await expect(openSocket(server.port)).rejects.toThrow('ECONNREFUSED');
  });

  it('rejects with its own words when it cannot start', async () => {
    const second = startRedis({ port: server.port });
    await expect(second).rejects.toThrow(/redis-server stopped while starting:[^]*in use/);
  });
});

describe('a private Redis with appendOnly', () => {
  it('keeps acknowledged writes over a crash', async () => {
    const server = await startRedis({ appendOnly: true });
    try {
      await withClient(server, (client) => client.set('key', 'value'));
      await server.kill();
      await server.restart();
      expect(await withClient(server, (client) => client.get('key'))).toBe('value');
    } finally {
      await server.stop();
    }
  });
});

async function withClient<T>(server: RedisServer, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(server.url, { retryStrategy: () => null });
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

async function openSocket(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}
