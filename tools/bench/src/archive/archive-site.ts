import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPostgresPool, createServiceUser, migrate } from '@tollgate/database';
import { startPostgres, type PostgresServer } from '@tollgate/dev-services';
import { seedCheckpoints } from '@tollgate/stores';
import type { Pool } from 'pg';
import type { BenchContext } from '../run/bench-context.js';
import { runOwnScript, workspaceRoot, type OwnScript } from '../run/own-script.js';
import { cpuMicrosOfTree, residentKibOfTree } from '../run/process-tree.js';
import type { FakeR2Ready } from './fake-r2-process.js';

const SAMPLE_MS = 100;
const COUNT_TIMEOUT_MS = 10_000;
const KIB_PER_MIB = 1024;

/** What one command of the offloader cost. */
export interface OffloaderCost {
  readonly seconds: number;
  readonly cpuMicros: number;
  readonly peakMib: number;
}

/** A Postgres with finished checkpoints, a local S3, and the offloader's command line between them. */
export class ArchiveSite {
  private constructor(
    private readonly context: BenchContext,
    readonly postgres: PostgresServer,
    private readonly r2: OwnScript<FakeR2Ready>,
    readonly pool: Pool,
    private readonly databaseUrl: string,
  ) {}

  static async open(context: BenchContext): Promise<ArchiveSite> {
    const postgres = await startPostgres({ fsync: true });
    context.cleanup.add(postgres);
    await migrate(postgres.url);
    const password = randomBytes(16).toString('hex');
    const url = await createServiceUser(postgres.url, 'tollgate_offloader', 'bench_offloader', password);
    const r2 = await runOwnScript<FakeR2Ready>(context.cleanup, 'archive/fake-r2-process');
    const pool = createPostgresPool({
      url: postgres.url,
      maxConnections: 2,
      connectTimeoutMs: 5000,
      statementTimeoutMs: 60_000,
      onIdleError: () => undefined, // the next statement says it
    });
    return new ArchiveSite(context, postgres, r2, pool, url);
  }

  async close(): Promise<void> {
    await this.pool.end();
    await this.r2.child.stop();
    await this.postgres.stop();
    this.context.cleanup.forget(this.postgres);
  }

  /** Finished runs of 1 KB, old enough to be archived and evicted. */
  async seed(count: number, prefix: string): Promise<void> {
    const onProgress = (written: number): void =>
      this.context.say(`${written} of ${count} checkpoints written`);
    await seedCheckpoints(this.pool, {
      tenantId: 'bench',
      count,
      ageDays: 10,
      documentBytes: 1000,
      prefix,
      onProgress,
    });
    await this.pool.query('VACUUM (ANALYZE) checkpoints, checkpoint_offloads');
  }

  /** Where the S3 is, as the services' variables. */
  r2Variables(): Readonly<Record<string, string>> {
    const { endpoint, bucket, accessKeyId, secretAccessKey } = this.r2.ready;
    return {
      R2_ENDPOINT: endpoint,
      R2_BUCKET: bucket,
      R2_ACCESS_KEY_ID: accessKeyId,
      R2_SECRET_ACCESS_KEY: secretAccessKey,
    };
  }

  /** Runs a command of the offloader to its end, which must be a success. */
  async run(...command: readonly string[]): Promise<OffloaderCost> {
    const { context } = this;
    const { PATH = '', HOME = '/' } = process.env;
    const startMs = performance.now();
    const child = spawn(process.execPath, [...offloaderArguments(), ...command], {
      cwd: workspaceRoot,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH,
        HOME,
        NODE_ENV: 'production',
        LOG_LEVEL: 'warn',
        DATABASE_URL: this.databaseUrl,
        ...this.r2Variables(),
      },
    });
    const running = { stop: () => Promise.resolve(), kill: () => void child.kill('SIGKILL') };
    context.cleanup.add(running);
    const ended = once(child, 'exit');
    let [cpuMicros, peakKib] = [0, 0];
    while (child.exitCode === null && child.signalCode === null) {
      cpuMicros = Math.max(cpuMicros, cpuMicrosOfTree(child.pid ?? 0));
      peakKib = Math.max(peakKib, residentKibOfTree(child.pid ?? 0));
      await Promise.race([ended, delay(SAMPLE_MS)]);
    }
    context.cleanup.forget(running);
    if (child.exitCode !== 0) throw new Error(`offloader ${command[0]} ended with ${child.exitCode}`);
    return { seconds: (performance.now() - startMs) / 1000, cpuMicros, peakMib: peakKib / KIB_PER_MIB };
  }

  /** Operations that the S3 was asked for since it started. */
  async operations(): Promise<number> {
    const answered = this.r2.child.receive<Record<string, number>>(COUNT_TIMEOUT_MS);
    this.r2.child.send({ type: 'count' });
    return Object.values(await answered).reduce((sum, count) => sum + count, 0);
  }

  /** How many checkpoints are archived now, and how many of them have left the database. */
  async count(): Promise<{ archived: number; evicted: number }> {
    const { rows } = await this.pool.query<{ archived: number; evicted: number }>(
      'SELECT count(*)::int AS archived, (count(*) FILTER (WHERE is_evicted))::int AS evicted FROM archive_entries',
    );
    return rows[0] ?? { archived: 0, evicted: 0 };
  }
}

/** Arguments of `node` that run the offloader's command line: those of `npm run offloader`. */
function offloaderArguments(): readonly string[] {
  const manifest = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const [, ...args] = (manifest.scripts['offloader'] ?? '').split('&& node').at(-1)?.split(' ') ?? [];
  return args;
}
