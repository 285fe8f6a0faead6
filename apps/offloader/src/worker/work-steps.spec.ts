import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inspectSettings } from '@tollgate/config';
import { createTestPool } from '@tollgate/database/testing';
import { MemoryArchiveStore } from '@tollgate/stores';
import type { Pool } from 'pg';
import { createParts } from '../parts.js';
import { OffloadWorld } from '../testing/offload-world.js';
import { createWorkSteps, subsetOfDay } from './work-steps.js';

const DAY_MS = 86_400_000;

describe('one pass over everything', () => {
  let world: OffloadWorld;
  let pool: Pool;
  let nowMs: number;
  let done: [string, object][];
  beforeEach(async () => {
    world = await OffloadWorld.create(new MemoryArchiveStore());
    pool = createTestPool({ url: world.offloaderUrl });
    nowMs = Date.UTC(2026, 10, 23);
    done = [];
  });
  afterEach(async () => {
    await pool.end();
    await world.close();
  });

  async function pass(variables: Record<string, string> = {}): Promise<Record<string, object>> {
    done = [];
    const { env } = inspectSettings(variables).settings;
    const parts = createParts({ pool, archive: world.archive, env });
    const onDone = (step: string, report: object): void => void done.push([step, report]);
    const steps = createWorkSteps({ parts, archive: world.archive, clock: { now: () => nowMs }, onDone });
    for (const step of steps) await step.run(new AbortController().signal);
    return Object.fromEntries(done);
  }

  it('archives what is due, evicts what is older, and is quiet when there is nothing to do', async () => {
    await world.seed('acme', 30, 10);
    await world.seed('globex', 5, 4);
    expect(await pass()).toEqual({
      round: {
        claimed: 35,
        archived: 35,
        changed: 0,
        failed: 0,
        leaseLosses: 0,
        packBytes: expect.any(Number),
        packs: 2,
      },
      evict: { evicted: 30, lost: 0 },
    });
    expect(await pass()).toEqual({});
    expect(await world.count()).toMatchObject({ live: 5, archived: 5, evicted: 30 });
  });

  it('evicts at once when it may', async () => {
    await world.seed('acme', 3, 4);
    expect(await pass({ CHECKPOINT_EVICT_AFTER_VERIFY: 'immediate' })).toMatchObject({
      evict: { evicted: 3 },
    });
  });

  it('reads each pack again on one of thirty days, once, and raises an alarm for the one that is gone', async () => {
    for (let index = 0; index < 6; index += 1) await world.seed(`t-${index}`, 1, 4);
    await pass();
    await world.pool.query("UPDATE archive_packs SET verified_at = now() - interval '31 days'");
    const { keys } = await world.archive.list('checkpoints/');
    await world.archive.delete(keys[0] ?? '');
    let [packs, damaged] = [0, 0];
    for (let day = 0; day < 30; day += 1, nowMs += DAY_MS)
      for (let times = 0; times < 2; times += 1) {
        const report = (await pass())['scrub'] as { packs: number; damaged: number } | undefined;
        packs += report?.packs ?? 0;
        damaged += report?.damaged ?? 0;
      }
    expect({ packs, damaged }).toEqual({ packs: 6, damaged: 1 });
    expect(await world.alarms.listOpen()).toMatchObject([{ kind: 'loss', key: keys[0] }]);
  });

  it('expires nothing unless it is asked to, and then for good', async () => {
    await world.seed('acme', 3, 40);
    await world.seed('acme', 2, 20, 'young-');
    await pass();
    expect(await world.count()).toMatchObject({ entries: 5 });
    const days = { CHECKPOINT_ARCHIVE_EXPIRE_DAYS: '30', CHECKPOINT_OFFLOAD_BATCH_SIZE: '2' };
    expect(await pass(days)).toEqual({ expire: { expired: 3 } });
    expect(await world.count()).toMatchObject({ entries: 2 });
    const { rows } = await world.pool.query(
      'SELECT run_id, version::int FROM checkpoint_tombstones ORDER BY 1',
    );
    expect(rows).toEqual(['run-0', 'run-1', 'run-2'].map((run_id) => ({ run_id, version: 1 })));
    const { rows: packs } = await world.pool.query(
      'SELECT sum(dead_members)::int AS dead FROM archive_packs',
    );
    expect(packs).toEqual([{ dead: 3 }]);
  });

  it('takes every part of the archive within thirty days', () => {
    const parts = Array.from({ length: 30 }, (_, day) => subsetOfDay(nowMs + day * DAY_MS).part);
    expect(parts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });
});
