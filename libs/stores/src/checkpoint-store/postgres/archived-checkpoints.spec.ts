import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, createTestPool, type TestDatabase } from '@tollgate/database/testing';
import type { Pool } from 'pg';
import { draftOf, putOptions } from '../testing/draft-of.js';
import { archiveRaw, evictRaw } from '../testing/raw-archive.js';
import { PostgresCheckpointStore } from './postgres-checkpoint-store.js';

const TENANT = 'acme';
const MEMBER = { sha256: hash('sha256', 'line', 'buffer'), length: 123 };
const DONE = draftOf('{"done":true}', { status: 'completed', agentId: 'planner' });

describe('a checkpoint that is in the archive', () => {
  let database: TestDatabase;
  let gateway: Pool;
  let offloader: Pool;
  let admin: Pool;
  let store: PostgresCheckpointStore;
  beforeAll(async () => {
    database = await createTestDatabase();
    gateway = createTestPool({ url: database.gatewayUrl });
    offloader = createTestPool({ url: database.offloaderUrl });
    admin = createTestPool(database);
    store = new PostgresCheckpointStore(gateway);
  });
  afterAll(async () => {
    await Promise.all([gateway.end(), offloader.end(), admin.end()]);
    await database.drop();
  });

  const read = async (sql: string, runId: string): Promise<unknown[]> =>
    (await admin.query<object>(`${sql} WHERE tenant_id = $1 AND run_id = $2`, [TENANT, runId])).rows;
  const queued = (runId: string): Promise<unknown[]> =>
    read('SELECT version::int, updated_at, failures FROM checkpoint_offloads', runId);
  const usage = async (): Promise<unknown> =>
    (
      await admin.query<object>(
        'SELECT sum(checkpoints)::int AS checkpoints, sum(bytes)::int AS bytes FROM checkpoint_usage',
      )
    ).rows[0];
  const liveUse = async (): Promise<unknown> =>
    (
      await admin.query<object>(
        'SELECT count(*)::int AS checkpoints, coalesce(sum(length(document)), 0)::int AS bytes FROM checkpoints',
      )
    ).rows[0];
  const packOf = async (packId: string): Promise<unknown> =>
    (
      await admin.query<object>('SELECT dead_members, dead_bytes::int FROM archive_packs WHERE id = $1', [
        packId,
      ])
    ).rows[0];
  const archive = async (runId: string): Promise<{ packId: string; key: string }> => {
    const archived = await archiveRaw(offloader, TENANT, runId, MEMBER);
    if (!archived) throw new Error('there is no such run');
    return archived;
  };

  it('waits for the archive while its run is in a terminal status, with the age of its version', async () => {
    await store.put(TENANT, 'queue', draftOf('{}'), putOptions());
    expect(await queued('queue')).toEqual([]);
    const done = await store.put(TENANT, 'queue', DONE, putOptions());
    expect(await queued('queue')).toEqual([{ version: 2, updated_at: done.updatedAt, failures: 0 }]);
    await offloader.query(
      "UPDATE checkpoint_offloads SET failures = 3, quarantined_at = now(), owner = gen_random_uuid() WHERE run_id = 'queue'",
    );
    const again = await store.put(TENANT, 'queue', DONE, putOptions());
    expect(
      await read(
        'SELECT version::int, updated_at, failures, quarantined_at, owner FROM checkpoint_offloads',
        'queue',
      ),
    ).toEqual([{ version: 3, updated_at: again.updatedAt, failures: 0, quarantined_at: null, owner: null }]);
    await store.put(TENANT, 'queue', draftOf('{}'), putOptions());
    expect(await queued('queue')).toEqual([]);
    await store.put(TENANT, 'queue', DONE, putOptions());
    await store.delete(TENANT, 'queue');
    expect(await queued('queue')).toEqual([]);
  });

  it('is answered from its row as long as there is one', async () => {
    await store.put(TENANT, 'both', DONE, putOptions());
    await archive('both');
    expect(await store.get(TENANT, 'both')).toMatchObject({ source: 'live', head: { version: 1 } });
    const { items } = await store.list(TENANT, { limit: 100 });
    expect(items.filter(({ runId }) => runId === 'both')).toHaveLength(1);
  });

  it('is buried by a step on top of it: the row waits for the archive anew', async () => {
    await store.put(TENANT, 'stepped', DONE, putOptions());
    const { packId } = await archive('stepped');
    expect(await queued('stepped')).toEqual([]);
    await store.put(TENANT, 'stepped', DONE, putOptions({ ifVersion: 1 }));
    expect(await packOf(packId)).toEqual({ dead_members: 1, dead_bytes: MEMBER.length });
    expect(await read('SELECT 1 FROM archive_entries', 'stepped')).toEqual([]);
    expect(await read('SELECT is_archived FROM checkpoints', 'stepped')).toEqual([{ is_archived: false }]);
    expect(await queued('stepped')).toHaveLength(1);
    await store.put(TENANT, 'stepped', DONE, putOptions());
    expect(await packOf(packId)).toEqual({ dead_members: 1, dead_bytes: MEMBER.length });
  });

  it('is found by its place once its row is evicted', async () => {
    const written = await store.put(TENANT, 'evicted', DONE, putOptions());
    const { packId, key } = await archive('evicted');
    expect(await evictRaw(offloader, TENANT, 'evicted')).toBe(true);
    const { documentGzip: _, ...facts } = DONE;
    const { version, createdAt, updatedAt } = written;
    const head = { runId: 'evicted', version, ...facts, createdAt, updatedAt };
    const found = { source: 'archive', head, location: { packId, key, offset: 0, ...MEMBER } };
    expect(await store.get(TENANT, 'evicted')).toEqual(found);
    expect(await store.get(TENANT, 'evicted', 1)).toEqual(found);
    expect(await store.get(TENANT, 'evicted', 2)).toBeUndefined();
    expect(await store.get('globex', 'evicted')).toBeUndefined();
    await expect(store.put(TENANT, 'evicted', DONE, putOptions({ ifVersion: 0 }))).rejects.toMatchObject({
      facts: { actual_version: 1 },
    });
    await expect(store.put(TENANT, 'evicted', DONE, putOptions({ ifVersion: 2 }))).rejects.toMatchObject({
      facts: { actual_version: 1 },
    });
    const foreign = { boundAgentId: 'writer' };
    await expect(store.put(TENANT, 'evicted', DONE, putOptions(foreign))).rejects.toMatchObject({
      code: 'agent_not_allowed',
    });
    await expect(store.delete(TENANT, 'evicted', foreign)).rejects.toMatchObject({
      code: 'agent_not_allowed',
    });
    const { items } = await store.list(TENANT, { limit: 1, agentId: 'planner', status: 'completed' });
    expect(items).toEqual([{ source: 'archive', ...head }]);
  });

  it('comes back live by a put, at the next version and with its time of creation', async () => {
    const first = await store.put(TENANT, 'back', DONE, putOptions());
    const { packId } = await archive('back');
    await evictRaw(offloader, TENANT, 'back');
    const second = await store.put(TENANT, 'back', draftOf('{}'), putOptions({ ifVersion: 1 }));
    expect(second).toMatchObject({ version: 2, isNew: false, createdAt: first.createdAt });
    expect(await store.get(TENANT, 'back')).toMatchObject({ source: 'live', head: { version: 2 } });
    expect(await packOf(packId)).toEqual({ dead_members: 1, dead_bytes: MEMBER.length });
    expect(await queued('back')).toEqual([]);
  });

  it('counts against the quota again when it comes back', async () => {
    const quota = { checkpoints: 1 };
    await store.put('quota', 'one', DONE, putOptions({ quota }));
    await archiveRaw(offloader, 'quota', 'one', MEMBER);
    await evictRaw(offloader, 'quota', 'one');
    await store.put('quota', 'two', DONE, putOptions({ quota }));
    await expect(store.put('quota', 'one', DONE, putOptions({ quota }))).rejects.toMatchObject({
      facts: { scope: 'checkpoints', limit: 1, used: 1 },
    });
    expect(await store.get('quota', 'one')).toMatchObject({ source: 'archive' });
  });

  it('is deleted with its place in the index, and stays deleted', async () => {
    await store.put(TENANT, 'dead', DONE, putOptions());
    await store.put(TENANT, 'dead', DONE, putOptions());
    const { packId } = await archive('dead');
    await evictRaw(offloader, TENANT, 'dead');
    await expect(store.delete(TENANT, 'dead', { ifVersion: 1 })).rejects.toMatchObject({
      facts: { actual_version: 2 },
    });
    expect(await store.delete(TENANT, 'dead', { ifVersion: 2 })).toBe(2);
    expect(await store.get(TENANT, 'dead')).toBeUndefined();
    expect(await packOf(packId)).toEqual({ dead_members: 1, dead_bytes: MEMBER.length });
    await expect(store.put(TENANT, 'dead', DONE, putOptions())).rejects.toMatchObject({
      code: 'run_deleted',
    });
  });

  it('is listed among live ones in the order of creation, page by page', async () => {
    for (let n = 0; n < 9; n += 1) {
      await store.put('mixed', `run-${n}`, DONE, putOptions());
      if (n % 2 === 0) continue;
      await archiveRaw(offloader, 'mixed', `run-${n}`, MEMBER);
      await evictRaw(offloader, 'mixed', `run-${n}`);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list('mixed', { limit: 2, cursor });
      seen.push(...page.items.map(({ runId, source }) => `${runId} ${source}`));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(
      Array.from({ length: 9 }, (_, i) => `run-${8 - i} ${i % 2 === 0 ? 'live' : 'archive'}`),
    );
  });

  it('is not evicted once a step lies on top of it', async () => {
    await store.put(TENANT, 'late', DONE, putOptions());
    await archive('late');
    await store.put(TENANT, 'late', DONE, putOptions());
    expect(await evictRaw(offloader, TENANT, 'late')).toBe(false);
    expect(await store.get(TENANT, 'late')).toMatchObject({ source: 'live', head: { version: 2 } });
  });

  it('neither loses a version nor a byte of the tally while puts, deletions and evictions race', async () => {
    const runs = ['x', 'y', 'z'];
    const acknowledged = new Map<string, number>();
    const problems: string[] = [];
    const pick = (n: number): string => runs[n % runs.length] ?? 'x';
    const write = async (n: number): Promise<void> => {
      const runId = pick(n);
      const before = acknowledged.get(runId) ?? 0;
      const draft = n % 2 === 0 ? DONE : draftOf(`{"n":${n}}`);
      const { version } = await store.put('race', runId, draft, putOptions({ recreate: n % 5 === 0 }));
      if (version <= before) problems.push(`${runId}: version ${version} after ${before}`);
      acknowledged.set(runId, Math.max(version, acknowledged.get(runId) ?? 0));
    };
    const acts = [
      write,
      write,
      write,
      (n: number) => archiveRaw(offloader, 'race', pick(n), MEMBER),
      (n: number) => evictRaw(offloader, 'race', pick(n)),
      (n: number) => (n % 7 === 0 ? store.delete('race', pick(n)) : store.get('race', pick(n))),
    ];
    // What may be refused: a write to a deleted run, and an archive entry that is there already.
    const allowed = new Set(['run_deleted', '23505']);
    const one = async (lane: number): Promise<void> => {
      for (let n = lane; n < 800; n += 8) {
        try {
          await acts[(n * 7 + lane) % acts.length]?.(n);
        } catch (error) {
          const { code } = error as { code?: string };
          if (!allowed.has(code ?? '')) problems.push(`${code}: ${String(error)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, lane) => one(lane)));
    expect(problems).toEqual([]);
    for (const runId of runs) {
      const found = await store.get('race', runId);
      const { rows } = await admin.query<{ version: number }>(
        "SELECT version::int FROM checkpoint_tombstones WHERE tenant_id = 'race' AND run_id = $1",
        [runId],
      );
      const tombstone = rows[0];
      expect([found?.head.version ?? tombstone?.version, Boolean(found) && Boolean(tombstone)]).toEqual([
        acknowledged.get(runId),
        false,
      ]);
    }
    expect(await usage()).toEqual(await liveUse());
    const { rows: dead } = await admin.query(
      `SELECT p.id FROM archive_packs p LEFT JOIN archive_entries e ON e.pack_id = p.id
       GROUP BY p.id HAVING p.members <> count(e.run_id) + p.dead_members`,
    );
    expect(dead).toEqual([]);
    const { rows: lying } = await admin.query(
      `SELECT c.run_id FROM checkpoints c LEFT JOIN archive_entries e USING (tenant_id, run_id)
       WHERE c.is_archived <> (e.version IS NOT NULL AND e.version = c.version AND NOT e.is_evicted)`,
    );
    expect(lying).toEqual([]);
  });
});
