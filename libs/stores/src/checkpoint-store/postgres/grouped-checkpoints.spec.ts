import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, createTestPool, type TestDatabase } from '@tollgate/database/testing';
import type { Pool } from 'pg';
import type { CheckpointStatus } from '../checkpoint.js';
import { draftOf, putOptions } from '../testing/draft-of.js';
import { PostgresCheckpointStore } from './postgres-checkpoint-store.js';

const RUNS = 60;
const WRITES = 600;
const runOf = (n: number): string => `run-${n % RUNS}`;

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

  it('lose no version when two gateways write the same runs', async () => {
    const written = [store, other].flatMap((each) =>
      Array.from({ length: WRITES }, async (_, n) => {
        const { version } = await each.put('acme', runOf(n), draftOf(`{"n":${n}}`), putOptions());
        return { runId: runOf(n), version };
      }),
    );
    const settled = await Promise.allSettled(written);
    const versions = settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    // What is beyond the queue is refused, not forgotten.
    for (const outcome of settled)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'checkpoint_store_unavailable' });
    expect(versions.length).toBeGreaterThan(RUNS);
    for (const [runId, ofRun] of Map.groupBy(versions, ({ runId }) => runId)) {
      const sorted = ofRun.map(({ version }) => version).sort((a, b) => a - b);
      expect(sorted).toEqual(sorted.map((_, index) => index + 1));
      expect((await store.get('acme', runId))?.head.version).toBe(sorted.length);
    }
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
