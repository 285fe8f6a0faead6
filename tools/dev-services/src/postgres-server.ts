import { execFile } from 'node:child_process';
import { chown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from './free-port.js';
import { findPostgresUser, type OsUser } from '@tollgate/database/embedded';
import { copyForUser, getPostgresBinFolder, mayRun } from '@tollgate/database/embedded';
import type { PrivateServer } from './private-server.js';
import { ServerProcess, type ServerLaunch } from './server-process.js';

const run = promisify(execFile);

/** A private Postgres, superuser `postgres` without a password. It keeps its data over `kill()` and `restart()`. */
export type PostgresServer = PrivateServer;

/** What a test may want to differ. */
export interface PostgresOptions {
  /** Default: a free one. */
  readonly port?: number;
  /**
   * Flush commits to the disk. Default false, which loses nothing when the server crashes, only when the machine
   * does; benchmarks set it.
   */
  readonly fsync?: boolean;
  /** Folder of `initdb` and `postgres`. Default: the machine's newest, else those from npm. */
  readonly binFolder?: string;
}

/** Creates an empty cluster (UTF-8, C locale, at most 200 connections) and starts a private Postgres on it. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const user = await findPostgresUser();
  const source = options.binFolder ?? (await getPostgresBinFolder());
  const port = options.port ?? (await findFreePort());
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-postgres-'));
  const dataFolder = join(folder, 'data');
  const needsCopy = user !== undefined && !(await mayRun(source, user));
  const binFolder = needsCopy ? join(folder, 'pgsql', 'bin') : source;
  const launch: ServerLaunch = {
    name: 'postgres',
    command: join(binFolder, 'postgres'),
    args: ['-D', dataFolder, ...settings(port, options.fsync ?? false)],
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    folder,
    readyLine: /database system is ready to accept connections/,
    stopSignal: 'SIGINT',
    user,
  };
  return ServerProcess.run(launch, async () => {
    if (user !== undefined) await chown(folder, user.uid, user.gid);
    if (needsCopy) await copyForUser(source, join(folder, 'pgsql'));
    await createCluster(join(binFolder, 'initdb'), dataFolder, user);
  });
}

async function createCluster(initdb: string, dataFolder: string, user: OsUser | undefined): Promise<void> {
  const args = ['-D', dataFolder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await run(initdb, args, { cwd: '/', ...user });
}

function settings(port: number, fsync: boolean): readonly string[] {
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    fsync: fsync ? 'on' : 'off',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
