import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, createTestPool, type TestDatabase } from '@tollgate/database/testing';
import { GatewayMetrics } from '@tollgate/metrics';
import {
  ArchiveStoreError,
  MemoryArchiveStore,
  PackWriter,
  PostgresCheckpointStore,
  type ArchiveLocation,
} from '@tollgate/stores';
import { archiveRaw, evictRaw } from '@tollgate/stores/testing';
import type { Pool } from 'pg';
import { ArchivedLines, type ArchiveDamage } from './archived-lines.js';
import { CheckpointMeter } from './checkpoint-meter.js';
import { Checkpoints } from './checkpoints.js';
import { DocumentGzip } from './document-gzip.js';

const TENANT = 'acme';
const WRITER = { tenantId: TENANT, agentId: null, boundAgentId: undefined };
const ANY = { ifVersion: undefined, recreate: false };

/** An archive that tells of every range before it is read. */
class WatchedArchive extends MemoryArchiveStore {
  ranges = 0;
  onRange: (key: string) => Promise<void> = () => Promise.resolve();

  override async getRange(key: string, offset: number, length: number): Promise<Buffer> {
    this.ranges += 1;
    await this.onRange(key);
    return super.getRange(key, offset, length);
  }
}

describe('archived checkpoints that are read', () => {
  let database: TestDatabase;
  let owner: Pool;
  let gateway: Pool;
  let archive: WatchedArchive;
  let damages: [ArchiveDamage, ArchiveLocation['key']][];
  let checkpoints: Checkpoints;
  beforeAll(async () => {
    database = await createTestDatabase();
    owner = createTestPool(database);
    gateway = createTestPool({ url: database.gatewayUrl });
  });
  beforeEach(() => {
    archive = new WatchedArchive();
    damages = [];
    checkpoints = new Checkpoints({
      store: new PostgresCheckpointStore(gateway),
      lines: new ArchivedLines(archive, 1_000_000),
      gzip: new DocumentGzip(),
      meter: new CheckpointMeter(new GatewayMetrics()),
      quota: {},
      keepVersions: 1,
      maxDocumentBytes: 1000,
      isDraining: () => false,
      onDamage: (damage, { key }) => damages.push([damage, key]),
    });
  });
  afterAll(async () => {
    await Promise.all([owner.end(), gateway.end()]);
    await database.drop();
  });

  const read = async (runId: string): Promise<string | undefined> =>
    (await checkpoints.get(TENANT, runId, undefined, undefined)).line?.toString();

  /** Puts a run and moves it into a pack of its own; answers its line and the pack's key. */
  async function archived(runId: string): Promise<{ line: string | undefined; key: string }> {
    await checkpoints.put(WRITER, runId, Buffer.from(`{"of":"${runId}","status":"failed"}`), ANY);
    const line = await read(runId);
    const found = await new PostgresCheckpointStore(gateway).get(TENANT, runId);
    if (found?.source !== 'live') throw new Error('not live');
    const writer = new PackWriter(TENANT);
    const { documentGzip, head } = found;
    writer.tryAdd(head, await new DocumentGzip().unzip(documentGzip, head.documentBytes));
    const { body, members, metadata } = writer.finish();
    const entry = members[0] && (await archiveRaw(owner, TENANT, runId, members[0]));
    if (!entry) throw new Error('not archived');
    await archive.put(entry.key, body, metadata);
    await evictRaw(owner, TENANT, runId);
    return { line, key: entry.key };
  }

  it('are asked for once, however many ask at the same time and afterwards', async () => {
    const { line } = await archived('crowd');
    const lines = await Promise.all(Array.from({ length: 20 }, () => read('crowd')));
    expect(new Set([...lines, await read('crowd')])).toEqual(new Set([line]));
    expect(archive.ranges).toBe(1);
  });

  it('are read where they are now when they move into another pack meanwhile', async () => {
    const { line, key } = await archived('moved');
    archive.onRange = async (asked) => {
      if (asked !== key) return;
      await archive.put(`${key}-2`, await archive.get(key), {});
      await archive.delete(key);
      await owner.query(
        `WITH pack AS (INSERT INTO archive_packs (id, tenant_id, key, sha256, size_bytes, members, state)
           VALUES (gen_random_uuid(), $1, $2, $3, 1, 1, 'verified') RETURNING id)
         UPDATE archive_entries SET pack_id = pack.id, "offset" = 0 FROM pack WHERE run_id = 'moved'`,
        [TENANT, `${key}-2`, Buffer.alloc(32)],
      );
    };
    expect(await read('moved')).toBe(line);
    expect([archive.ranges, damages]).toEqual([2, []]);
  });

  it('are answered from the database when they come back live meanwhile', async () => {
    const { key } = await archived('back');
    archive.onRange = async () => {
      await archive.delete(key);
      await checkpoints.put(WRITER, 'back', Buffer.from('{"again":true}'), ANY);
    };
    expect(await read('back')).toMatch(/"version":2,.*"again":true}$/);
    expect(damages).toEqual([]);
  });

  it('are not found when they are deleted meanwhile', async () => {
    const { key } = await archived('dead');
    archive.onRange = async () => {
      await archive.delete(key);
      await checkpoints.delete(TENANT, 'dead', {});
    };
    await expect(read('dead')).rejects.toMatchObject({ code: 'checkpoint_not_found' });
    expect(damages).toEqual([]);
  });

  it('are not served from the database either, when what is there is not what was written', async () => {
    await checkpoints.put(WRITER, 'changed', Buffer.from('{"a":1}'), ANY);
    const other = await new DocumentGzip().zip(Buffer.from('{"a":2}'));
    for (const document of [other, Buffer.from('no gzip')]) {
      await owner.query("UPDATE checkpoints SET document = $1 WHERE run_id = 'changed'", [document]);
      await expect(read('changed')).rejects.toMatchObject({ code: 'checkpoint_unreadable' });
    }
  });

  it.each([
    ['missing', 'checkpoint_unreadable', 'loss'],
    ['corrupt', 'checkpoint_unreadable', 'corruption'],
    ['unavailable', 'archive_unavailable', undefined],
    ['denied', 'archive_unavailable', undefined],
    ['refused', 'archive_unavailable', undefined],
  ] as const)('are told as they are when the archive says: %s', async (reason, code, damage) => {
    const { key, line } = await archived(`is-${reason}`);
    archive.onRange = () => Promise.reject(new ArchiveStoreError(reason, 'no'));
    await expect(read(`is-${reason}`)).rejects.toMatchObject({ code });
    expect(damages).toEqual(damage ? [[damage, key]] : []);
    archive.onRange = () => Promise.resolve();
    expect(await read(`is-${reason}`)).toBe(line);
  });
});
