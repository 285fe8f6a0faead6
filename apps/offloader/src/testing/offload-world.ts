import { gzipSync } from 'node:zlib';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, createTestPool, type TestDatabase } from '@tollgate/database/testing';
import {
  ArchiveAlarms,
  EvictionIndex,
  MemoryArchiveStore,
  OffloadQueue,
  PackIndex,
  seedCheckpoints,
  type ArchiveStore,
} from '@tollgate/stores';
import type { Pool } from 'pg';
import { Eviction } from '../evict/evict.js';
import { Offload } from '../offload.js';
import { Round } from '../claim/round.js';
import type { StepListener } from '../step.js';

type Counts = Record<'live' | 'archived' | 'queued' | 'entries' | 'evicted' | 'packs', number>;

const DAY_SECONDS = 86_400;

/** One offloader of a test. */
export interface TestWorker {
  readonly queue: OffloadQueue;
  readonly packs: PackIndex;
  readonly offload: Offload;
  readonly round: Round;
  readonly eviction: Eviction;
}

/** A database of its own, an archive in memory, and as many offloaders as a test wants. */
export class OffloadWorld {
  private constructor(
    private readonly database: TestDatabase,
    readonly pool: Pool,
    readonly archive: ArchiveStore,
  ) {}

  static async create(archive: ArchiveStore = new MemoryArchiveStore()): Promise<OffloadWorld> {
    const database = await createTestDatabase();
    return new OffloadWorld(database, createTestPool(database), archive);
  }

  async close(): Promise<void> {
    await this.pool.end();
    await this.archive.close();
    await this.database.drop();
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  /** As a service is connected: a member of the offloader's group, who owns nothing. */
  get offloaderUrl(): string {
    return this.database.offloaderUrl;
  }

  get gatewayUrl(): string {
    return this.database.gatewayUrl;
  }

  get alarms(): ArchiveAlarms {
    return new ArchiveAlarms(this.pool);
  }

  worker(options: { onStep?: StepListener; archive?: ArchiveStore; maxFailures?: number } = {}): TestWorker {
    const { pool } = this;
    const owner = randomUUID();
    const queue = new OffloadQueue(pool, owner);
    const packs = new PackIndex(pool, owner);
    const shared = {
      archive: options.archive ?? this.archive,
      batchSize: 100,
      ...(options.onStep ? { onStep: options.onStep } : {}),
    };
    const olderThanSeconds = 3 * DAY_SECONDS;
    const offload = new Offload({
      ...shared,
      queue,
      packs,
      olderThanSeconds,
      maxFailures: options.maxFailures ?? 3,
    });
    return {
      queue,
      packs,
      offload,
      round: new Round({ queue, offload, olderThanSeconds, lanes: 2 }),
      eviction: new Eviction({
        ...shared,
        index: new EvictionIndex(pool),
        alarms: this.alarms,
        retentionSeconds: 7 * DAY_SECONDS,
      }),
    };
  }

  async seed(tenantId: string, count: number, ageDays = 10, prefix = 'run-'): Promise<void> {
    await seedCheckpoints(this.pool, { tenantId, count, ageDays, prefix, documentBytes: 300 });
  }

  /** Writes a run as its agent would, and answers its version. */
  async put(tenantId: string, runId: string, document: string, status = 'completed'): Promise<number> {
    const { rows } = await this.pool.query<{ version: string }>(
      `SELECT o_version AS version FROM tollgate_put_checkpoint($1, $2, $3, NULL, NULL, NULL, $4, $5, sha256($6), NULL, NULL, false, NULL, NULL, 1)`,
      [tenantId, runId, status, ...packed(document)],
    );
    return Number(rows[0]?.version);
  }

  async delete(tenantId: string, runId: string): Promise<void> {
    await this.pool.query('SELECT tollgate_delete_checkpoint($1, $2, NULL, NULL)', [tenantId, runId]);
  }

  /** The numbers of rows of the tables that a test looks at. */
  async count(): Promise<Counts> {
    const { rows } = await this.pool.query<Counts>(
      `SELECT (SELECT count(*)::int FROM checkpoints) AS live, (SELECT count(*)::int FROM checkpoints WHERE is_archived) AS archived,
         (SELECT count(*)::int FROM checkpoint_offloads) AS queued, (SELECT count(*)::int FROM archive_entries) AS entries,
         (SELECT count(*)::int FROM archive_entries WHERE is_evicted) AS evicted,
         (SELECT count(*)::int FROM archive_packs WHERE state = 'verified') AS packs`,
    );
    const [counts] = rows;
    if (!counts) throw new Error('no row');
    return counts;
  }
}

function packed(document: string): [Buffer, number, Buffer] {
  const bytes = Buffer.from(document);
  return [gzipSync(bytes), bytes.length, bytes];
}
