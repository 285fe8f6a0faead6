import { spawn, type ChildProcess } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { FakeR2 } from '@tollgate/fake-r2';
import { ScrubIndex, documentOfLine, readMember, type ArchiveStore } from '@tollgate/stores';
import { Fsck, type Breach } from '../../fsck/fsck.js';
import { Scrub } from '../../scrub/scrub.js';
import { archiveIn } from '../../testing/fake-archive.js';
import { OffloadWorld } from '../../testing/offload-world.js';
import type { CrashOrder } from './crash-worker.js';

const WORKER = fileURLToPath(new URL('crash-worker.ts', import.meta.url));
const HOOKS = new URL('../../../../../tools/swc-hooks.mjs', import.meta.url).href;

/** What an agent was told about one of its runs; undefined: it is deleted. */
export type Acknowledged = { readonly version: number; readonly sha256: string } | undefined;

/** Postgres, a fake R2 with faults, offloaders in processes of their own, and a memory of all that was acknowledged. */
export class CrashWorld {
  /** By tenant and run, as `acme/run-1`. */
  readonly acknowledged = new Map<string, Acknowledged>();
  readonly #children = new Set<ChildProcess>();

  private constructor(
    readonly world: OffloadWorld,
    readonly r2: FakeR2,
    readonly databaseUrl: string,
  ) {}

  static async create(seed = 1): Promise<CrashWorld> {
    const r2 = await FakeR2.start({ seed });
    const archive = archiveIn(r2);
    const world = await OffloadWorld.create(archive);
    return new CrashWorld(world, r2, world.databaseUrl);
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await this.world.close();
    await this.r2.stop();
  }

  get archive(): ArchiveStore {
    return this.world.archive;
  }

  /** Finished runs of 10 days ago, and what was acknowledged of them. */
  async seed(tenantId: string, count: number, prefix = 'run-'): Promise<void> {
    await this.world.seed(tenantId, count, 10, prefix);
    const { rows } = await this.world.pool.query<{ run_id: string; version: number; content_hash: Buffer }>(
      'SELECT run_id, version::int, content_hash FROM checkpoints WHERE tenant_id = $1 AND run_id LIKE $2',
      [tenantId, `${prefix}%`],
    );
    for (const { run_id, version, content_hash } of rows)
      this.acknowledged.set(`${tenantId}/${run_id}`, { version, sha256: content_hash.toString('hex') });
  }

  async put(run: string, document: string, status = 'completed'): Promise<void> {
    const [tenantId = '', runId = ''] = run.split('/');
    const before = this.acknowledged.get(run);
    const version = await this.world.put(tenantId, runId, document, status);
    if (before && version <= before.version)
      throw new Error(`version ${version} of ${run} follows ${before.version}`);
    this.acknowledged.set(run, { version, sha256: hash('sha256', document) });
  }

  async delete(run: string): Promise<void> {
    const [tenantId = '', runId = ''] = run.split('/');
    await this.world.delete(tenantId, runId);
    this.acknowledged.set(run, undefined);
  }

  /** Starts an offloader of its own process; resolves `ended` with its exit code, or the signal that ended it. */
  start(order: Partial<CrashOrder> = {}): { child: ChildProcess; ended: Promise<number | string> } {
    const whole: CrashOrder = {
      databaseUrl: this.databaseUrl,
      archive: endpointOf(this.r2),
      rounds: 1,
      archiveTimeoutMs: 500,
      ...order,
    };
    const child = spawn(
      process.execPath,
      ['--conditions=@tollgate/source', '--import', HOOKS, WORKER, JSON.stringify(whole)],
      { stdio: ['ignore', 'ignore', 'inherit'], env: { NODE_NO_WARNINGS: '1' } },
    );
    this.#children.add(child);
    const ended = once(child, 'exit').then(([code, signal]) => {
      this.#children.delete(child);
      return (signal as string | null) ?? (code as number);
    });
    return { child, ended };
  }

  /** As though the lease of whoever was killed had run out. */
  async expireLeases(): Promise<void> {
    await this.world.pool.query(
      `UPDATE checkpoint_offloads q SET lease_until = now(), retry_at = NULL
       FROM (SELECT tenant_id, run_id FROM checkpoint_offloads WHERE lease_until > now() OR retry_at > now() FOR UPDATE SKIP LOCKED) free
       WHERE q.tenant_id = free.tenant_id AND q.run_id = free.run_id`,
    );
  }

  /** What an operator does after an accident: looks at every pack, and clears the alarms. Answers how many there were. */
  async recover(): Promise<number> {
    this.r2.faults.clear();
    await this.expireLeases();
    const { alarms, pool, archive } = this.world;
    await new Scrub({ index: new ScrubIndex(pool), alarms, archive }).run();
    const cleared = await alarms.clear();
    const worker = this.world.worker();
    await worker.round.run();
    await worker.eviction.run();
    return cleared;
  }

  /** Until nothing old enough waits for the archive any more, nor in the database for its eviction. */
  async untilQueueIsEmpty(): Promise<void> {
    const isLeft = `SELECT (SELECT count(*) FROM checkpoint_offloads WHERE updated_at < now() - interval '3 days')
      + (SELECT count(*) FROM archive_entries WHERE NOT is_evicted) AS count`;
    for (;;) {
      const { rows } = await this.world.pool.query<{ count: string }>(isLeft);
      if (rows[0]?.count === '0') return;
      await this.world.pool.query('SELECT pg_sleep(0.1)'); // the database's own clock; the offloaders work meanwhile
    }
  }

  async fsck(): Promise<readonly Breach[]> {
    const { pool, archive } = this.world;
    return (await new Fsck({ pool, index: new ScrubIndex(pool), archive }).run()).breaches;
  }

  /** What a reader gets of a run now: from the database, or else proved from the archive. */
  async read(run: string): Promise<Acknowledged> {
    const [tenantId, runId] = run.split('/');
    const { rows } = await this.world.pool.query<FoundRow>(
      'SELECT version::int, document, pack_key, "offset", length, sha256 FROM tollgate_get_checkpoint($1, $2, NULL)',
      [tenantId, runId],
    );
    const [row] = rows;
    if (!row) return undefined;
    const { version, document } = row;
    if (document) return { version, sha256: hash('sha256', gunzipSync(document)) };
    const line = readMember(await this.archive.getRange(row.pack_key, row.offset, row.length), row);
    return { version, sha256: hash('sha256', documentOfLine(line).document) };
  }

  /** Runs that a reader does not get as they were acknowledged; none is what every test hopes for. */
  async findWrong(): Promise<string[]> {
    const wrong: string[] = [];
    for (const [run, expected] of this.acknowledged)
      if (!isSame(await this.read(run), expected)) wrong.push(run);
    return wrong;
  }

  /** The same by what the tables say, for more runs than can be read one by one: `fsck` proves that it is true. */
  async findWrongInTables(): Promise<string[]> {
    const { rows } = await this.world.pool.query<{ run: string; version: number; sha256: string }>(
      `SELECT tenant_id || '/' || run_id AS run, version::int, encode(content_hash, 'hex') AS sha256 FROM checkpoints
       UNION ALL SELECT tenant_id || '/' || run_id, version::int, encode(content_hash, 'hex') FROM archive_entries WHERE is_evicted`,
    );
    const found = new Map(rows.map(({ run, version, sha256 }) => [run, { version, sha256 }]));
    const expected = [...this.acknowledged];
    const wrong = expected.filter(([run, told]) => !isSame(found.get(run), told)).map(([run]) => run);
    return [...wrong, ...[...found.keys()].filter((run) => !this.acknowledged.has(run))];
  }
}

const isSame = (found: Acknowledged, expected: Acknowledged): boolean =>
  found?.version === expected?.version && found?.sha256 === expected?.sha256;

interface FoundRow {
  readonly version: number;
  readonly document: Buffer | null;
  readonly pack_key: string;
  readonly offset: number;
  readonly length: number;
  readonly sha256: Buffer;
}

function endpointOf({ url, bucket, credentials }: FakeR2): CrashOrder['archive'] {
  return { endpoint: url, bucket, ...credentials };
}
