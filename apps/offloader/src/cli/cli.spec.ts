import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { FakeR2 } from '@tollgate/fake-r2';
import { archiveIn, environmentOf } from '../testing/fake-archive.js';
import { OffloadWorld } from '../testing/offload-world.js';
import { runCommand, type Finished, type ProcessEnvironment } from '../testing/spawn.js';

const number = expect.any(Number);

// Each test starts several processes.
jest.setTimeout(90_000);

describe('the offloader’s command line', () => {
  let r2: FakeR2;
  let world: OffloadWorld;
  let env: ProcessEnvironment;

  beforeAll(async () => {
    r2 = await FakeR2.start({ limitsWrites: false });
    world = await OffloadWorld.create(archiveIn(r2));
    env = environmentOf(r2, world.offloaderUrl);
  });
  afterAll(async () => {
    await world.close();
    await r2.stop();
  });

  const run = (...args: readonly string[]): Promise<Finished> => runCommand(env, ...args);
  /** The one line of JSON that a command ends with, after its exit code and with an empty error output. */
  async function runJson(code: number, ...args: readonly string[]): Promise<unknown> {
    const finished = await run(...args);
    expect({ code: finished.code, err: finished.err }).toEqual({ code, err: '' });
    expect(finished.out).toMatch(/^[^\n]+\n$/);
    return JSON.parse(finished.out) as unknown;
  }

  it('says in a dry run what would be, and writes nothing at all', async () => {
    await world.seed('acme', 1200, 10);
    await world.seed('globex', 10, 4);
    await world.seed('globex', 10, 1, 'fresh-');
    const before = await world.count();
    const would = await runJson(0, 'run', '--dry-run');
    expect(would).toEqual({
      command: 'run',
      would_archive: 1210,
      would_fail: 0,
      would_pack: 3,
      would_pack_bytes: number,
      would_evict: 1200,
      would_cost_usd: number,
    });
    const { would_pack_bytes: bytes, would_cost_usd: costUsd } = would as Record<string, number>;
    // 3 PUT at $4.50 a million, 3 GET and 3 HEAD at $0.36, a month of storage at $0.015 a GB.
    const nanoUsd = 3 * 4500 + 3 * 360 + 3 * 360 + Math.ceil((bytes ?? 0) * 0.015);
    expect(costUsd).toBeCloseTo(nanoUsd / 1e9, 12);
    expect(await runJson(0, 'run', '--dry-run', '--older-than', '9')).toMatchObject({ would_archive: 1200 });
    expect(await world.count()).toEqual(before);
    expect(r2.log.counts).toMatchObject({ PutObject: 0, DeleteObject: 0 });
    const { rowCount } = await world.pool.query('SELECT FROM checkpoint_offloads WHERE epoch > 0');
    expect(rowCount).toBe(0);
    expect((await world.pool.query('SELECT FROM archive_packs')).rowCount).toBe(0);
  });

  it('archives what the dry run said, then evicts, and says what it cost', async () => {
    const would = (await runJson(0, 'run', '--dry-run')) as Record<string, number>;
    const done = await runJson(0, 'run', '--batch-size', '500');
    expect(done).toEqual({
      command: 'run',
      claimed: 1210,
      archived: 1210,
      changed: 0,
      failed: 0,
      lease_losses: 0,
      packs: 3,
      pack_bytes: number,
      cost_usd: number,
    });
    const { pack_bytes: bytes, cost_usd: costUsd } = done as Record<string, number>;
    // Runs that ended at the same moment come in any order, and pack a few bytes better or worse.
    expect(Math.abs(1 - (bytes ?? 0) / (would['would_pack_bytes'] ?? 1))).toBeLessThan(0.001);
    expect(costUsd).toBeGreaterThan((3 * 4500 + 3 * 360) / 1e9);
    expect(await runJson(0, 'evict')).toEqual({
      command: 'evict',
      evicted: 1200,
      lost: 0,
      open_alarms: 0,
      cost_usd: number,
    });
    expect(await world.count()).toEqual({
      live: 20,
      archived: 10,
      queued: 10,
      entries: 1210,
      evicted: 1200,
      packs: 3,
    });
  });

  it('says how things stand', async () => {
    const { rows } = await world.pool.query<{ id: string }>('SELECT archive_id AS id FROM archive_identity');
    expect(await runJson(0, 'status')).toEqual({
      command: 'status',
      archive_id: rows[0]?.id,
      queue: { waiting: 10, due: 0, quarantined: 0, overdue: 0, oldest_seconds: number },
      archived: 10,
      evicted: 1200,
      packs: { uploading: 0, verified: 3, deleting: 0, lost: 0, bytes: number, dead_bytes: 0 },
      open_alarms: 0,
    });
  });

  it('reads everything again, and a part of it', async () => {
    expect(await runJson(0, 'scrub')).toEqual({
      command: 'scrub',
      packs: 3,
      bytes: number,
      damaged: 0,
      revived: 0,
      cost_usd: number,
    });
    const parts = await Promise.all([
      runJson(0, 'scrub', '--subset', '1/2'),
      runJson(0, 'scrub', '--subset', '2/2'),
    ]);
    expect(parts.reduce((sum: number, part) => sum + (part as { packs: number }).packs, 0)).toBe(3);
    expect(await runJson(0, 'fsck')).toEqual({
      command: 'fsck',
      checkpoints: 1220,
      packs: 3,
      breaches: [],
      cost_usd: number,
    });
  });

  it('brings a checkpoint back, once', async () => {
    const answer = (outcome: string, runId = 'run-7'): object => ({
      command: 'restore',
      tenant_id: 'acme',
      run_id: runId,
      outcome,
    });
    expect(await runJson(0, 'restore', 'run-7', '--tenant', 'acme')).toEqual(answer('restored'));
    expect(await runJson(0, 'restore', 'run-7', '--tenant', 'acme')).toEqual(answer('live'));
    expect(await runJson(1, 'restore', 'nobody', '--tenant', 'acme')).toEqual(answer('missing', 'nobody'));
    expect(await world.count()).toMatchObject({ live: 21, evicted: 1199 });
  });

  it('compacts worn packs, and collects what is left of them', async () => {
    for (let index = 0; index < 6; index += 1) await world.delete('globex', `run-${index}`);
    expect(await runJson(0, 'compact')).toEqual({
      command: 'compact',
      emptied: 1,
      moved: 4,
      written: 1,
      open_alarms: 0,
      cost_usd: number,
    });
    await world.pool.query("UPDATE archive_packs SET verified_at = verified_at - interval '2 hours'");
    expect(await runJson(0, 'gc')).toEqual({ command: 'gc', marked: 1, deleted: 0, cost_usd: number });
    await world.pool.query("UPDATE archive_packs SET delete_after = now() WHERE state = 'deleting'");
    expect(await runJson(0, 'gc')).toEqual({ command: 'gc', marked: 0, deleted: 1, cost_usd: number });
    expect(await runJson(0, 'fsck')).toMatchObject({ packs: 3, breaches: [] });
  });

  it('takes packs into the index that it has lost, and complains of what is none', async () => {
    const { rows } = await world.pool.query<{ id: string; entries: number }>(
      `SELECT p.id, count(*)::int AS entries FROM archive_packs p JOIN archive_entries e ON e.pack_id = p.id
       WHERE p.tenant_id = 'acme' GROUP BY p.id HAVING bool_and(e.is_evicted) LIMIT 1`,
    );
    const [lost] = rows;
    await world.pool.query('DELETE FROM archive_entries WHERE pack_id = $1', [lost?.id]);
    await world.pool.query('DELETE FROM archive_packs WHERE id = $1', [lost?.id]);
    await world.archive.put('checkpoints/acme/notes.txt', Buffer.from('x'), {});
    expect(await runJson(1, 'reindex')).toEqual({
      command: 'reindex',
      packs: 1,
      entries: lost?.entries,
      dead: 0,
      refused: [{ key: 'checkpoints/acme/notes.txt', reason: 'not a pack' }],
      cost_usd: number,
    });
    await world.archive.delete('checkpoints/acme/notes.txt');
    expect(await runJson(0, 'reindex')).toMatchObject({ packs: 0, refused: [] });
  });

  it('finds a damaged pack, raises an alarm, evicts nothing while it is open, and lets it be cleared', async () => {
    const { rows } = await world.pool.query<{ id: string; key: string; size_bytes: number; members: number }>(
      "SELECT id, key, size_bytes, members FROM archive_packs WHERE tenant_id = 'globex'",
    );
    const [pack] = rows;
    const answer = {
      command: 'verify',
      pack_id: pack?.id,
      key: pack?.key,
      tenant_id: 'globex',
      members: pack?.members,
      size_bytes: pack?.size_bytes,
    };
    expect(await runJson(0, 'verify', pack?.key ?? '')).toEqual({ ...answer, outcome: 'right', revived: 0 });
    expect(await runJson(1, 'verify', 'nothing')).toEqual({ command: 'verify', outcome: 'missing' });
    r2.shelf.flipBit(pack?.key ?? '', 90);
    expect(await runJson(1, 'fsck')).toMatchObject({
      breaches: [{ invariant: 'A1', tenant_id: 'globex', subject: pack?.key, problem: 'pack checksum' }],
    });
    expect(await runJson(1, 'verify', pack?.id ?? '')).toEqual({ ...answer, outcome: 'damaged', revived: 4 });
    const alarm = {
      id: expect.any(String),
      kind: 'corruption',
      pack_id: pack?.id,
      key: pack?.key,
      detail: 'pack checksum',
      raised_at: expect.any(String),
    };
    const alarms = (await runJson(1, 'alarms')) as { open: { id: string }[] };
    expect(alarms).toEqual({ command: 'alarms', cleared: 0, open: [alarm] });
    expect(await runJson(1, 'evict')).toMatchObject({ evicted: 0, open_alarms: 1 });
    expect(await runJson(1, 'status')).toMatchObject({ open_alarms: 1, packs: { lost: 1 } });
    const cleared = { command: 'alarms', cleared: 1, open: [] };
    expect(await runJson(0, 'alarms', '--clear', alarms.open[0]?.id ?? '')).toEqual(cleared);
    expect(await runJson(0, 'alarms', '--clear')).toEqual({ ...cleared, cleared: 0 });
    expect(await runJson(0, 'run')).toMatchObject({ archived: 4 });
  });

  it('fails where a checkpoint cannot be packed, sets it aside, and lets it be tried again', async () => {
    await world.put('initech', 'broken', '{}');
    await world.pool.query("UPDATE checkpoints SET document = '\\x00' WHERE tenant_id = 'initech'");
    await world.pool.query(
      "UPDATE checkpoint_offloads SET updated_at = now() - interval '9 days' WHERE tenant_id = 'initech'",
    );
    expect(await runJson(1, 'run', '--dry-run')).toMatchObject({ would_archive: 0, would_fail: 1 });
    for (let times = 0; times < 3; times += 1) {
      await world.pool.query('UPDATE checkpoint_offloads SET retry_at = NULL');
      expect(await runJson(1, 'run')).toMatchObject({ archived: 0, failed: 1 });
    }
    const quarantined = {
      tenant_id: 'initech',
      run_id: 'broken',
      version: 1,
      failures: 3,
      last_error: 'document_unreadable',
      quarantined_at: expect.any(String),
    };
    expect(await runJson(1, 'quarantine')).toEqual({
      command: 'quarantine',
      retried: 0,
      runs: [quarantined],
    });
    expect(await runJson(0, 'quarantine', '--retry')).toEqual({
      command: 'quarantine',
      retried: 1,
      runs: [],
    });
  });

  it('writes a line of progress a second where it is asked to', async () => {
    r2.faults.add({
      fault: { kind: 'slow', pieces: 2, delayMs: 800 },
      on: ['GetObject'],
      keyPattern: 'ndjson',
    });
    const { code, err } = await run('scrub', '--json-progress');
    r2.faults.clear();
    expect(code).toBe(0);
    const [first] = err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(first).toEqual({
      command: 'scrub',
      done: number,
      total: 3,
      per_second: number,
      archive_bytes: number,
      cost_usd: number,
    });
  });
});
