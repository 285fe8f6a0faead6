import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, createTestPool, type TestDatabase } from '@tollgate/database/testing';
import type { Pool } from 'pg';
import type { CheckpointStatus } from '../checkpoint.js';
import { draftOf, putOptions } from '../testing/draft-of.js';
import { PostgresCheckpointStore } from './postgres-checkpoint-store.js';

const RUNS = 40;
const LANES = 128;
const WRITES_PER_LANE = 40;

describe('checkpoints that share round trips', () => {
  let database: TestDatabase;
  let pools: Pool[];
  let store: PostgresCheckpointStore;
  let other: PostgresCheckpointStore;

  beforeAll(async () => {
    database = await createTestDatabase();
    pools = [0, 1].map(() => createTestPool({ url: database.gatewayUrl }));
    [store, other] = pools.map((pool) => new PostgresCheckpointStore(pool)) as [typeof store, typeof store];
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await database.drop();
  });

  const deadlocks = async (): Promise<number> => {
    const admin = createTestPool(database);
    await Promise.all(pools.map((pool) => pool.query('SELECT pg_stat_force_next_flush()')));
    const { rows } = await admin.query<{ deadlocks: number }>(
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    );
    await admin.end();
    return rows[0]?.deadlocks ?? Number.NaN;
  };

  it('lose no version, and wait in no circle, when two gateways write the same runs', async () => {
    const versions: { readonly runId: string; readonly version: number }[] = [];
    // Runs in another order in each lane, and documents of all sizes, so that the tally of bytes is locked too.
    const write = async (each: PostgresCheckpointStore, lane: number): Promise<void> => {
      for (let n = 0; n < WRITES_PER_LANE; n += 1) {
        const step = lane * 7919 + n * 31 + ((lane * n) % 13);
        const runId = `run-${step % RUNS}`;
        const draft = draftOf(JSON.stringify({ n, filler: randomBytes(step % 97).toString('hex') }));
        const { version } = await each.put('acme', runId, draft, putOptions());
        versions.push({ runId, version });
      }
    };
    const lanes = Array.from({ length: LANES }, (_, lane) => write(lane % 2 ? store : other, lane));
    await Promise.all(lanes);
    expect(versions).toHaveLength(LANES * WRITES_PER_LANE);
    for (const [runId, ofRun] of Map.groupBy(versions, (written) => written.runId)) {
      const sorted = ofRun.map(({ version }) => version).sort((a, b) => a - b);
      expect(sorted).toEqual(sorted.map((_, index) => index + 1));
      expect((await store.get('acme', runId))?.head.version).toBe(sorted.length);
    }
    expect(await deadlocks()).toBe(0);
  });

  it('fail alone: what Postgres refuses takes nothing with it', async () => {
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => {
        const status = (n === 7 ? 'asleep' : 'running') as CheckpointStatus;
        return store.put('globex', `run-${n}`, draftOf('{}', { status }), putOptions());
      }),
    );
    expect(settled.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([7]);
    const found = await Promise.all(settled.map((_, n) => store.get('globex', `run-${n}`)));
    expect(found.map((checkpoint) => checkpoint?.head.version)).toEqual(
      settled.map((_, n) => (n === 7 ? undefined : 1)),
    );
  });
});
