import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, createHash } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { findPostgresUser, type OsUser } from './os-user.js';
import { copyForUser, findEmbeddedFolder, getPostgresBinFolder, mayRun } from './postgres-binaries.js';

const run = promisify(execFile);
const START_TIMEOUT_MS = 30_000;

interface Cluster {
  readonly binFolder: string;
  readonly dataFolder: string;
  readonly password: string;
  readonly user: OsUser | undefined;
}

/** The Postgres of the embedded default: it lives and stops with this process and keeps its data in a folder. */
export class EmbeddedPostgres {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    /** Where the data is. */
    readonly folder: string,
  ) {}

  /** Creates the cluster in `folder` on first use, and starts it on a free loopback port. */
  static async start(folder: string): Promise<EmbeddedPostgres> {
    const user = await findPostgresUser();
    const home = await openFolder(folder, user);
    const cluster = await openCluster(home, user);
    await stopLeftover(cluster.dataFolder);
    const port = await freePort();
    const child = await launch(cluster, port);
    return new EmbeddedPostgres(
      child,
      `postgres://postgres:${cluster.password}@127.0.0.1:${port}/postgres`,
      home,
    );
  }

  /** Shuts down in order; clients are disconnected. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGINT');
    await exited;
  }
}

// Postgres does not run as root, and its own user cannot reach a folder under /root: then the data goes beside it.
async function openFolder(folder: string, user: OsUser | undefined): Promise<string> {
  await mkdir(folder, { recursive: true });
  if (!user) return folder;
  const reachable = await run('test', ['-x', folder], { cwd: '/', ...user }).then(
    () => true,
    () => false,
  );
  if (reachable) return folder;
  const elsewhere = join(
    tmpdir(),
    `tollgate-data-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`,
  );
  await mkdir(elsewhere, { recursive: true, mode: 0o755 });
  return elsewhere;
}

async function openCluster(home: string, user: OsUser | undefined): Promise<Cluster> {
  const source = findEmbeddedFolder() ?? (await getPostgresBinFolder());
  let binFolder = source;
  if (user && !(await mayRun(source, user))) {
    binFolder = join(home, 'pgsql', 'bin');
    if (!(await mayRun(binFolder, user))) await copyForUser(source, join(home, 'pgsql'));
  }
  const dataFolder = join(home, 'postgres');
  const passwordFile = join(home, 'postgres-password');
  const known = await readFile(passwordFile, 'utf8').catch(() => undefined);
  const cluster = { binFolder, dataFolder, user, password: known ?? randomBytes(24).toString('base64url') };
  if (known === undefined) await createCluster(cluster, passwordFile);
  return cluster;
}

async function createCluster(
  { binFolder, dataFolder, password, user }: Cluster,
  passwordFile: string,
): Promise<void> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const initialPassword = `${passwordFile}.new`;
  await writeFile(initialPassword, password, { mode: 0o600 });
  if (user) for (const path of [dataFolder, initialPassword]) await chown(path, user.uid, user.gid);
  const args = [
    '-D',
    dataFolder,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${initialPassword}`,
    '-E',
    'UTF8',
    '--locale=C',
  ];
  await run(join(binFolder, 'initdb'), args, { cwd: '/', ...user });
  // Written last: a folder without it holds a cluster that was never finished.
  await writeFile(passwordFile, password, { mode: 0o600 });
}

// A process that was killed leaves its Postgres behind; two on one folder would refuse each other.
async function stopLeftover(dataFolder: string): Promise<void> {
  const pid = Number(
    (await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0],
  );
  if (!pid) return;
  try {
    process.kill(pid, 'SIGINT');
    for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline;) {
      process.kill(pid, 0);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } catch {
    // It is gone: what we waited for.
  }
}

async function launch({ binFolder, dataFolder, user }: Cluster, port: number): Promise<ChildProcess> {
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 100 };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A process group of its own: Ctrl-C is for us, and we stop it when the gateway has drained.
  const child = spawn(join(binFolder, 'postgres'), ['-D', dataFolder, ...args], {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    ...user,
  });
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const fail = (): void =>
      reject(new Error(`the embedded Postgres did not start:\n${lines.slice(-10).join('\n')}`));
    const timer = setTimeout(fail, START_TIMEOUT_MS);
    child.once('error', reject);
    child.once('exit', fail);
    createInterface(child.stderr).on('line', (line) => {
      lines.push(line);
      if (lines.length > 20) lines.shift();
      if (!line.includes('database system is ready to accept connections')) return;
      clearTimeout(timer);
      child.removeListener('exit', fail);
      resolve();
    });
  });
  return child;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
