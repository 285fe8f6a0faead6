import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CompactionIndex,
  GarbageIndex,
  MemoryArchiveStore,
  Reindex,
  RestoreIndex,
  ScrubIndex,
  readMember,
} from '@tollgate/stores';
import { Compaction } from './compact/compact.js';
import { Fsck, type Breach } from './fsck/fsck.js';
import { collectGarbage } from './gc/collect-garbage.js';
import { reindexBucket } from './reindex/reindex-bucket.js';
import { restoreRun } from './restore/restore.js';
import { Scrub } from './scrub/scrub.js';
import { OffloadWorld, type TestWorker } from './testing/offload-world.js';

/** An archive whose objects a test can damage at rest. */
class OpenArchive extends MemoryArchiveStore {
  async rewrite(key: string, change: (body: Buffer) => Buffer): Promise<void> {
    const body = Buffer.from(await this.get(key));
    const metadata = (await this.head(key))?.metadata ?? {};
    await this.delete(key);
    await this.put(key, change(body), metadata);
  }
}

describe('the archive, long after', () => {
  let world: OffloadWorld;
  let archive: OpenArchive;
  let worker: TestWorker;
  beforeEach(async () => {
    archive = new OpenArchive();
    world = await OffloadWorld.create(archive);
    worker = world.worker();
  });
  afterEach(() => world.close());

  const fsck = async (): Promise<readonly Breach[]> =>
    (await new Fsck({ pool: world.pool, index: new ScrubIndex(world.pool), archive }).run()).breaches;
  const scrub = (): Scrub => new Scrub({ index: new ScrubIndex(world.pool), alarms: world.alarms, archive });
  const compaction = (): Compaction =>
    new Compaction({
      index: new CompactionIndex(world.pool, worker.queue.owner),
      packs: worker.packs,
      members: new ScrubIndex(world.pool),
      alarms: world.alarms,
      archive,
    });
  const keys = async (): Promise<readonly string[]> => (await archive.list('checkpoints/')).keys;

  /** The archived line of a run. */
  async function lineOf(runId: string): Promise<string> {
    const place = await new RestoreIndex(world.pool).find('acme', runId);
    if (!place) throw new Error('no such entry');
    return readMember(await archive.getRange(place.key, place.offset, place.length), place).toString();
  }

  async function offload(count: number, ageDays = 10): Promise<void> {
    await world.seed('acme', count, ageDays);
    await worker.round.run();
    await worker.eviction.run();
  }

  it('is whole after an offload', async () => {
    await offload(50);
    await world.put('acme', 'run-1', '{"again":1}');
    await world.delete('acme', 'run-2');
    expect(await fsck()).toEqual([]);
    expect(await scrub().run()).toMatchObject({ packs: 1, damaged: 0, revived: 0 });
  });

  it.each([
    [
      'a bit flipped',
      'corruption',
      (body: Buffer) => {
        body[40] = (body[40] ?? 0) ^ 4;
        return body;
      },
    ],
    ['its end cut off', 'corruption', (body: Buffer) => body.subarray(0, -5)],
  ] as const)(
    'raises an alarm for %s, and packs again what the database still has',
    async (_, kind, change) => {
      await world.seed('acme', 5, 10);
      await world.seed('acme', 3, 5, 'young-');
      await worker.round.run();
      await worker.eviction.run();
      const [key = ''] = await keys();
      await archive.rewrite(key, change);
      expect(await scrub().run()).toMatchObject({ packs: 1, damaged: 1, revived: 3 });
      expect(await world.alarms.listOpen()).toMatchObject([{ kind, key }]);
      expect(await world.count()).toMatchObject({ live: 3, archived: 0, queued: 3, evicted: 5 });
      expect((await fsck()).map(({ invariant }) => invariant)).toEqual(Array(5).fill('A1'));
      expect(await worker.round.run()).toMatchObject({ archived: 3 });
      expect(await world.count()).toMatchObject({ live: 3, archived: 3, queued: 0, packs: 1 });
    },
  );

  it('raises an alarm for an object that is gone', async () => {
    await offload(5);
    const [key = ''] = await keys();
    await archive.delete(key);
    expect((await fsck()).map(({ invariant, subject }) => [invariant, subject])).toEqual([['A3', key]]);
    await scrub().run();
    expect(await world.alarms.listOpen()).toMatchObject([{ kind: 'loss', key }]);
  });

  it('writes what is alive of worn packs into a new one, and deletes the old ones later', async () => {
    await offload(10);
    await world.seed('acme', 10, 10, 'more-');
    await worker.round.run();
    await worker.eviction.run();
    for (let run = 0; run < 6; run += 1) {
      await world.delete('acme', `run-${run}`);
      await world.put('acme', `more-${run}`, '{}', 'running');
    }
    const lines = await Promise.all(['run-7', 'more-7'].map(lineOf));
    const old = await keys();
    expect(await compaction().run()).toEqual({ emptied: 2, moved: 8, written: 1 });
    expect(await keys()).toHaveLength(3);
    expect(await Promise.all(['run-7', 'more-7'].map(lineOf))).toEqual(lines);
    const collect = (graceSeconds: number): ReturnType<typeof collectGarbage> =>
      collectGarbage({ index: new GarbageIndex(world.pool), archive, graceSeconds });
    expect(await collect(3600)).toEqual({ marked: 0, deleted: 0 });
    expect(await collect(0)).toEqual({ marked: 2, deleted: 2 });
    const left = await keys();
    expect([left.length, left.filter((key) => old.includes(key))]).toEqual([1, []]);
    expect(await fsck()).toEqual([]);
    expect(await compaction().run()).toEqual({ emptied: 0, moved: 0, written: 0 });
  });

  it('does not move what changed during the compaction', async () => {
    await offload(6);
    for (const run of ['run-0', 'run-1', 'run-3']) await world.delete('acme', run);
    const compact = new Compaction({
      index: new CompactionIndex(world.pool, worker.queue.owner),
      packs: worker.packs,
      members: new ScrubIndex(world.pool),
      alarms: world.alarms,
      archive,
      onStep: async (step) => {
        if (step === 'verified') await world.put('acme', 'run-2', '{"late":1}', 'running');
      },
    });
    expect(await compact.run()).toEqual({ emptied: 1, moved: 2, written: 1 });
    expect(await fsck()).toEqual([]);
  });

  it('rebuilds its index from the bucket alone', async () => {
    await offload(20);
    await world.put('acme', 'run-3', '{"version":"two"}');
    await world.pool.query("UPDATE checkpoints SET updated_at = now() - interval '8 days'");
    await world.pool.query("UPDATE checkpoint_offloads SET updated_at = now() - interval '8 days'");
    await worker.round.run();
    const before = await Promise.all(Array.from({ length: 20 }, (_, run) => lineOf(`run-${run}`)));
    await world.pool.query(
      'TRUNCATE archive_entries, archive_packs, checkpoints, checkpoint_offloads, checkpoint_usage',
    );
    await archive.put('checkpoints/acme/notes.txt', Buffer.from('hello'), {});
    const reindex = (): ReturnType<typeof reindexBucket> => reindexBucket(new Reindex(world.pool), archive);
    expect(await reindex()).toMatchObject({ packs: 2, refused: [{ reason: 'not a pack' }] });
    expect(await Promise.all(Array.from({ length: 20 }, (_, run) => lineOf(`run-${run}`)))).toEqual(before);
    expect(await reindex()).toMatchObject({ packs: 0 });
    expect(await fsck()).toEqual([]);
    expect(await world.put('acme', 'run-3', '{"version":"three"}', 'running')).toBe(3);
  });

  it('never makes the database older when it rebuilds its index', async () => {
    await offload(3);
    await world.put('acme', 'run-0', '{"newer":1}', 'running');
    await world.delete('acme', 'run-1');
    await world.pool.query('DELETE FROM archive_entries');
    await world.pool.query('DELETE FROM archive_packs');
    expect(await reindexBucket(new Reindex(world.pool), archive)).toMatchObject({
      packs: 1,
      entries: 1,
      dead: 2,
    });
    expect(await fsck()).toEqual([]);
    const { rows } = await world.pool.query('SELECT run_id, version::int FROM checkpoints');
    expect(rows).toEqual([{ run_id: 'run-0', version: 2 }]);
  });

  it('brings a run back at its version, byte for byte, and leaves it there for the whole retention', async () => {
    await offload(3);
    const line = await lineOf('run-1');
    const restore = (runId: string): Promise<string> =>
      restoreRun(new RestoreIndex(world.pool), archive, 'acme', runId);
    expect([await restore('run-1'), await restore('run-1'), await restore('nope')]).toEqual([
      'restored',
      'live',
      'missing',
    ]);
    expect(await worker.eviction.run()).toEqual({ evicted: 0, lost: 0 });
    expect(await world.count()).toMatchObject({ live: 1, archived: 1, evicted: 2 });
    expect(await fsck()).toEqual([]);
    expect(await lineOf('run-1')).toBe(line);
    expect(await world.put('acme', 'run-1', '{}', 'running')).toBe(2);
    expect(await fsck()).toEqual([]);
  });

  it.each([
    ['A1', "UPDATE checkpoints SET document = '\\x00' WHERE run_id = 'young-0'"],
    ['A2', "UPDATE archive_entries SET is_evicted = false WHERE run_id = 'run-0'"],
    ['A2', "DELETE FROM checkpoint_offloads WHERE run_id = 'waiting'"],
    ['A4', "INSERT INTO checkpoint_tombstones (tenant_id, run_id, version) VALUES ('acme', 'run-0', 1)"],
    ['A5', "UPDATE archive_entries SET is_evicted = true WHERE run_id = 'young-0'"],
    ['A3', "UPDATE archive_packs SET state = 'deleting'"],
  ])('is found broken (%s) by the check after: %s', async (invariant, sql) => {
    await world.seed('acme', 2, 10);
    await world.seed('acme', 1, 5, 'young-');
    await worker.round.run();
    await worker.eviction.run();
    await world.put('acme', 'waiting', '{}');
    expect(await fsck()).toEqual([]);
    await world.pool.query(sql);
    expect((await fsck()).map((breach) => breach.invariant)).toContain(invariant);
  });
});
