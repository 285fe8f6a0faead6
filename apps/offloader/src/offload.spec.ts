import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ArchiveStoreError, MemoryArchiveStore, readMember, verifyPack } from '@tollgate/stores';
import type { OffloadStep } from './step.js';
import { OffloadWorld } from './testing/offload-world.js';

/** An archive in which a test can break what is read or written. */
class BrittleArchive extends MemoryArchiveStore {
  failPut: ArchiveStoreError | undefined;
  damage: ((body: Buffer) => Buffer) | undefined;

  override put(...args: Parameters<MemoryArchiveStore['put']>): ReturnType<MemoryArchiveStore['put']> {
    return this.failPut ? Promise.reject(this.failPut) : super.put(...args);
  }

  override async get(key: string): Promise<Buffer> {
    const body = await super.get(key);
    return this.damage ? this.damage(Buffer.from(body)) : body;
  }
}

interface PackRow {
  readonly key: string;
  readonly sha256: Buffer;
  readonly size_bytes: number;
  readonly tenant_id: string;
}

interface EntryRow extends PackRow {
  readonly run_id: string;
  readonly version: number;
  readonly offset: number;
  readonly length: number;
  readonly content_hash: Buffer;
}

describe('offloading', () => {
  let world: OffloadWorld;
  let archive: BrittleArchive;
  beforeEach(async () => {
    archive = new BrittleArchive();
    world = await OffloadWorld.create(archive);
  });
  afterEach(() => world.close());

  it('archives what is old enough, evicts what is older, and what is in the archive is what was written', async () => {
    await world.seed('acme', 1500, 10);
    await world.seed('acme', 20, 5, 'young-');
    await world.seed('acme', 5, 1, 'fresh-');
    await world.seed('globex', 10, 10);
    const { rows: before } = await world.pool.query(
      "SELECT tenant_id, run_id, version::int, content_hash FROM checkpoints WHERE updated_at < now() - interval '3 days' ORDER BY 1, 2",
    );
    const worker = world.worker();
    expect(await worker.round.run()).toMatchObject({
      claimed: 1530,
      archived: 1530,
      changed: 0,
      failed: 0,
      packs: 3,
    });
    expect(await world.count()).toEqual({
      live: 1535,
      archived: 1530,
      queued: 5,
      entries: 1530,
      evicted: 0,
      packs: 3,
    });
    expect(await worker.eviction.run()).toEqual({ evicted: 1510, lost: 0 });
    expect(await world.count()).toEqual({
      live: 25,
      archived: 20,
      queued: 5,
      entries: 1530,
      evicted: 1510,
      packs: 3,
    });

    const { rows: entries } = await world.pool.query<EntryRow>(
      `SELECT e.tenant_id, e.run_id, e.version::int, e.content_hash, e.sha256, e."offset", e.length, p.key
       FROM archive_entries e JOIN archive_packs p ON p.id = e.pack_id ORDER BY 1, 2`,
    );
    expect(
      entries.map(({ tenant_id, run_id, version, content_hash }) => ({
        tenant_id,
        run_id,
        version,
        content_hash,
      })),
    ).toEqual(before);
    for (const { key, offset, length, sha256, run_id, content_hash } of entries.slice(0, 50)) {
      const line = JSON.parse(readMember(await archive.getRange(key, offset, length), { sha256 }).toString());
      expect(line).toMatchObject({
        run_id,
        version: 1,
        content_hash: content_hash.toString('hex'),
        status: 'completed',
      });
    }
    const { rows: usage } = await world.pool.query(
      'SELECT sum(checkpoints)::int AS checkpoints, sum(bytes)::int - (SELECT sum(octet_length(document)) FROM checkpoints)::int AS excess FROM checkpoint_usage',
    );
    expect(usage).toEqual([{ checkpoints: 25, excess: 0 }]);
  });

  it('calls no run changed that only had no room in its pack', async () => {
    // Together the documents would just fit; with what stands before each, the last does not.
    const document = `{"a":"${'x'.repeat(2 ** 20 - 20)}"}`;
    for (let run = 0; run < 8; run += 1) await world.put('acme', `run-${run}`, document);
    await world.pool.query("UPDATE checkpoint_offloads SET updated_at = now() - interval '10 days'");
    expect(await world.worker().round.run()).toMatchObject({ archived: 8, changed: 0, packs: 2 });
  });

  it('leaves running runs alone, whatever their age', async () => {
    await world.put('acme', 'run', '{}', 'running');
    await world.pool.query("UPDATE checkpoints SET updated_at = now() - interval '30 days'");
    const worker = world.worker();
    expect(await worker.round.run()).toMatchObject({ claimed: 0 });
    expect(await worker.eviction.run()).toEqual({ evicted: 0, lost: 0 });
    expect(await world.count()).toMatchObject({ live: 1, entries: 0 });
  });

  it.each(['claimed', 'packed', 'announced', 'uploaded', 'verified'] as const)(
    'does not archive a run that was written to or deleted after the step "%s"',
    async (step) => {
      await world.seed('acme', 3);
      let done = false;
      const onStep = async (reached: OffloadStep): Promise<void> => {
        if (reached !== step || done) return;
        done = true;
        expect(await world.put('acme', 'run-0', '{"late":true}')).toBe(2);
        await world.delete('acme', 'run-1');
      };
      const worker = world.worker({ onStep });
      expect(await worker.round.run()).toMatchObject({ archived: 1, failed: 0 });
      expect(await world.count()).toMatchObject({ live: 2, archived: 1, queued: 1, entries: 1 });
      expect(await worker.eviction.run()).toEqual({ evicted: 1, lost: 0 });
      const { rows } = await world.pool.query('SELECT run_id, version::int FROM checkpoints');
      expect(rows).toEqual([{ run_id: 'run-0', version: 2 }]);
    },
  );

  it.each(['archived', 'evicting'] as const)(
    'does not evict a run that was written to after the step "%s"',
    async (step) => {
      await world.seed('acme', 3);
      const onStep = async (reached: OffloadStep): Promise<void> => {
        if (reached === step) await world.put('acme', 'run-0', '{"late":true}', 'running');
      };
      const worker = world.worker({ onStep });
      await worker.round.run();
      expect(await worker.eviction.run()).toEqual({ evicted: 2, lost: 0 });
      expect(await world.count()).toEqual({
        live: 1,
        archived: 0,
        queued: 0,
        entries: 2,
        evicted: 2,
        packs: 1,
      });
      const { rows } = await world.pool.query('SELECT dead_members FROM archive_packs');
      expect(rows).toEqual([{ dead_members: 1 }]);
    },
  );

  it.each([
    ['cut short', (body: Buffer) => body.subarray(0, -1)],
    [
      'changed by a bit',
      (body: Buffer) => {
        body[100] = (body[100] ?? 0) ^ 1;
        return body;
      },
    ],
    ['replaced', () => Buffer.from('no pack at all')],
  ])('does not archive what was read back %s, and asks a person after three times', async (_, damage) => {
    await world.seed('acme', 2);
    archive.damage = damage;
    const worker = world.worker();
    // Twice together, then each alone.
    for (const claimed of [2, 2, 1, 1]) {
      expect(await worker.offload.archiveNext('acme')).toMatchObject({
        claimed,
        archived: 0,
        failed: claimed,
      });
      await world.pool.query('UPDATE checkpoint_offloads SET retry_at = NULL');
    }
    expect(await worker.offload.archiveNext('acme')).toMatchObject({ claimed: 0 });
    expect(await worker.queue.readState(0, 0)).toMatchObject({ quarantined: 2, due: 0 });
    expect(await world.count()).toMatchObject({ live: 2, entries: 0, packs: 0 });
    expect(await worker.eviction.run()).toEqual({ evicted: 0, lost: 0 });

    archive.damage = undefined;
    expect(await worker.queue.retryQuarantined()).toBe(2);
    expect(await worker.round.run()).toMatchObject({ archived: 2 });
  });

  it.each(['denied', 'unavailable', 'full'] as const)(
    'gives runs back unharmed when the archive is %s',
    async (reason) => {
      await world.seed('acme', 2);
      archive.failPut = new ArchiveStoreError(reason, 'The archive does not work.');
      const worker = world.worker();
      await expect(worker.round.run()).rejects.toMatchObject({ reason });
      const { rows } = await world.pool.query('SELECT failures, owner, retry_at FROM checkpoint_offloads');
      expect(rows).toEqual(Array(2).fill({ failures: 0, owner: null, retry_at: null }));
      archive.failPut = undefined;
      expect(await worker.round.run()).toMatchObject({ archived: 2 });
    },
  );

  it('does not archive what the database holds no longer, though the version is the same', async () => {
    await world.seed('acme', 3);
    const onStep = async (step: OffloadStep): Promise<void> => {
      if (step === 'uploaded')
        await world.pool.query(`UPDATE checkpoints SET document = '\\x00' WHERE run_id = 'run-1'`);
    };
    const report = await world.worker({ onStep }).offload.archiveNext('acme');
    expect(report).toMatchObject({ claimed: 3, archived: 2, changed: 1, failed: 0 });
    expect(await world.count()).toMatchObject({ live: 3, archived: 2, queued: 1, entries: 2 });
  });

  it('blames no run for what the database does', async () => {
    await world.seed('acme', 2);
    const onStep = async (step: OffloadStep): Promise<void> => {
      if (step === 'uploaded') await world.pool.query('SELECT 1 / 0');
    };
    await expect(world.worker({ onStep }).round.run()).rejects.toThrow('division by zero');
    const { rows } = await world.pool.query('SELECT failures, owner FROM checkpoint_offloads');
    expect(rows).toEqual(Array(2).fill({ failures: 0, owner: null }));
    expect(await world.worker().round.run()).toMatchObject({ archived: 2 });
  });

  it('blames a document that cannot be read, and it alone', async () => {
    await world.seed('acme', 3);
    await world.pool.query(`UPDATE checkpoints SET document = '\\x00' WHERE run_id = 'run-1'`);
    expect(await world.worker().round.run()).toMatchObject({ archived: 2, failed: 1 });
    const { rows } = await world.pool.query('SELECT run_id, last_error, failures FROM checkpoint_offloads');
    expect(rows).toEqual([{ run_id: 'run-1', last_error: 'document_unreadable', failures: 1 }]);
  });

  it('drops the work of a worker that lost its lease', async () => {
    await world.seed('acme', 2);
    const other = world.worker();
    const onStep = async (step: OffloadStep): Promise<void> => {
      if (step !== 'verified') return;
      await world.pool.query('UPDATE checkpoint_offloads SET lease_until = now()');
      expect(await other.round.run()).toMatchObject({ archived: 2 });
    };
    expect(await world.worker({ onStep }).offload.archiveNext('acme')).toMatchObject({ archived: 0 });
    expect(await world.count()).toMatchObject({ live: 2, archived: 2, entries: 2, queued: 0 });
  });

  it('lets several workers share the queue without archiving anything twice', async () => {
    await world.seed('acme', 2500);
    await world.seed('globex', 1500);
    const reports = await Promise.all(
      [world.worker(), world.worker(), world.worker()].map(({ round }) => round.run()),
    );
    expect(reports.reduce((sum, { archived }) => sum + archived, 0)).toBe(4000);
    expect(await world.count()).toMatchObject({ live: 4000, archived: 4000, entries: 4000, queued: 0 });
    const { rows } = await world.pool.query<PackRow>(
      "SELECT key, sha256, size_bytes, tenant_id FROM archive_packs WHERE state = 'verified'",
    );
    let members = 0;
    for (const { key, sha256, size_bytes, tenant_id } of rows)
      members += verifyPack(await archive.get(key), {
        sha256,
        sizeBytes: size_bytes,
        tenantId: tenant_id,
      }).length;
    expect(members).toBe(4000);
  });

  it('evicts nothing whose pack is gone or another, raises an alarm once, and waits for an operator', async () => {
    await world.seed('acme', 2);
    const worker = world.worker();
    await worker.round.run();
    const { rows } = await world.pool.query<PackRow>('SELECT key FROM archive_packs');
    const key = rows[0]?.key ?? '';
    await archive.delete(key);
    for (let times = 0; times < 2; times += 1) await worker.eviction.run();
    expect(await world.alarms.listOpen()).toMatchObject([{ kind: 'loss', key }]);
    expect(await world.count()).toMatchObject({ live: 2, evicted: 0 });
    expect(await worker.eviction.run()).toEqual({ evicted: 0, lost: 0 });
    expect(await world.alarms.clear()).toBe(1);
    expect(await worker.eviction.run()).toEqual({ evicted: 0, lost: 1 });
  });
});
