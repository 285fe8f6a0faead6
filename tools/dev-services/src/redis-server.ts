import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './free-port.js';
import type { PrivateServer } from './private-server.js';
import { getRedisBinary } from './redis-binary.js';
import { ServerProcess } from './server-process.js';

/** A private Redis. After `restart()` it is empty, unless it was started with `appendOnly`. */
export type RedisServer = PrivateServer;

/** What a test may want to differ. */
export interface RedisOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Keep acknowledged writes over `kill()` and `restart()`. Default false: every restart loses everything. */
  readonly appendOnly?: boolean;
  /** Cluster mode, with no slot of its own yet. Default false. */
  readonly cluster?: boolean;
}

/** Starts a private Redis from the `redis-server` on PATH, which it installs first where it can. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const command = await getRedisBinary();
  const port = options.port ?? (await findFreePort());
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-redis-'));
  // Without an fsync Redis writes before it answers, never later: what was acknowledged survives a crash of the process.
  const persistence = options.appendOnly === true ? ['--appendonly', 'yes', '--appendfsync', 'no'] : [];
  const mode = options.cluster === true ? await clusterMode() : [];
  return ServerProcess.run({
    name: 'redis-server',
    command,
    args: [
      '--bind',
      '127.0.0.1',
      '--port',
      String(port),
      '--dir',
      folder,
      '--save',
      '',
      ...persistence,
      ...mode,
    ],
    url: `redis://127.0.0.1:${port}`,
    port,
    folder,
    readyLine: /Ready to accept connections/,
    stopSignal: 'SIGTERM',
  });
}

// By default the servers of a cluster talk on a port 10,000 higher, where outgoing connections live.
async function clusterMode(): Promise<string[]> {
  return ['--cluster-enabled', 'yes', '--cluster-port', String(await findFreePort())];
}
