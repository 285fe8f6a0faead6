import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestPool } from '@tollgate/database/testing';
import { FolderArchiveStore, PackWriter, PostgresCheckpointStore } from '@tollgate/stores';
import { archiveRaw, evictRaw } from '@tollgate/stores/testing';
import type { Pool } from 'pg';
import { CheckpointClient } from '../testing/checkpoint-client.js';
import { eventually } from '../testing/eventually.js';
import { DocumentGzip } from './document-gzip.js';
import { API_KEY, World } from '../testing/world.js';

const TENANT = 'acme';

describe('checkpoints that are in the archive', () => {
  let world: World;
  let acme: CheckpointClient;
  let folder: string;
  let owner: Pool;
  let archive: FolderArchiveStore;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-archive-'));
    world = await World.create({ gateways: 1, env: { CHECKPOINT_ARCHIVE_FOLDER: folder } });
    acme = new CheckpointClient(world.gateways[0]?.url ?? '', API_KEY);
    owner = createTestPool({ url: world.ownerUrl });
    archive = new FolderArchiveStore({ folder });
  });
  afterAll(async () => {
    await archive.close();
    await owner.end();
    await world.close();
    await rm(folder, { recursive: true });
  });

  /** Puts a run, packs what is stored, and evicts the row; answers what the gateway said of it before, and its key. */
  async function archived(runId: string): Promise<{ text: string; key: string }> {
    await acme.put(runId, { status: 'completed', of: runId });
    const { text } = await acme.get(runId);
    const found = await new PostgresCheckpointStore(owner).get(TENANT, runId);
    if (found?.source !== 'live') throw new Error('not live');
    const writer = new PackWriter(TENANT);
    const document = await new DocumentGzip().unzip(found.documentGzip, found.head.documentBytes);
    writer.tryAdd(found.head, document);
    const { body, members, metadata } = writer.finish();
    const [member] = members;
    const entry = member && (await archiveRaw(owner, TENANT, runId, member));
    if (!entry) throw new Error('not archived');
    await archive.put(entry.key, body, metadata);
    await evictRaw(owner, TENANT, runId);
    return { text, key: entry.key };
  }

  const readsFrom = async (from: string): Promise<number> => {
    const text = await (await fetch(`${world.gateways[0]?.url}/metrics`)).text();
    return Number(
      new RegExp(`^tollgate_checkpoint_reads_total\\{from="${from}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0,
    );
  };
  const alarms = async (): Promise<unknown[]> =>
    (await owner.query<object>('SELECT kind, key FROM archive_alarms WHERE cleared_at IS NULL ORDER BY kind'))
      .rows;

  it('are answered as they were, byte for byte, and from memory the second time', async () => {
    const { text } = await archived('read');
    const before = [await readsFrom('archive'), await readsFrom('cache')];
    const first = await acme.get('read');
    expect([
      first.status,
      first.text,
      first.headers.get('x-checkpoint-source'),
      first.headers.get('etag'),
    ]).toEqual([...[200, text, 'archive', '"1"']]);
    expect((await acme.get('read?version=1')).text).toBe(text);
    expect((await acme.get('read', { 'if-none-match': '"1"' })).status).toBe(304);
    expect([await readsFrom('archive'), await readsFrom('cache')]).toEqual([
      (before[0] ?? 0) + 1,
      (before[1] ?? 0) + 1,
    ]);
    expect((await acme.list('?status=completed')).json).toMatchObject({
      data: [{ run_id: 'read', source: 'archive', version: 1 }],
    });
  });

  it('come back live by a put', async () => {
    await archived('back');
    const written = await acme.put('back', { again: true }, { 'if-match': '"1"' });
    expect([written.status, written.headers.get('etag')]).toEqual([200, '"2"']);
    const read = await acme.get('back');
    expect(read.headers.get('x-checkpoint-source')).toBe('live');
    expect(read.json).toMatchObject({ version: 2, again: true });
  });

  it('are gone for good when they are deleted', async () => {
    await archived('dead');
    expect((await acme.delete('dead', { 'if-match': '"1"' })).status).toBe(204);
    expect((await acme.get('dead')).status).toBe(404);
    expect((await acme.put('dead', {})).json).toMatchObject({ error: { code: 'run_deleted' } });
  });

  it('are never served damaged: whoever asks is told, and an alarm is raised once', async () => {
    const { key } = await archived('rotten');
    const file = join(folder, ...key.split('/'));
    const bytes = await readFile(file);
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
    await writeFile(file, bytes);
    for (let n = 0; n < 3; n += 1) {
      const { status, json, headers } = await acme.get('rotten');
      expect([status, headers.get('x-should-retry')]).toEqual([500, 'false']);
      expect(json).toMatchObject({ error: { code: 'checkpoint_unreadable' } });
    }
    await eventually(alarms, (open) => expect(open).toEqual([{ kind: 'corruption', key }]));
    await owner.query('DELETE FROM archive_alarms');
  });

  it('are reported lost when their object is gone', async () => {
    const { key } = await archived('lost');
    await archive.delete(key);
    expect(await acme.get('lost')).toMatchObject({
      status: 500,
      json: { error: { code: 'checkpoint_unreadable', type: 'api_error' } },
    });
    await eventually(alarms, (open) => expect(open).toEqual([{ kind: 'loss', key }]));
    expect((await acme.put('lost', { anew: true }, { 'if-match': '"1"' })).headers.get('etag')).toBe('"2"');
  });

  it('cannot be read while there is no archive, and are not lost', async () => {
    const { text } = await archived('away');
    const blind = await world.addGateway({ CHECKPOINT_ARCHIVE_FOLDER: '' });
    const { status, json, headers } = await new CheckpointClient(blind.url, API_KEY).get('away');
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(json).toMatchObject({ error: { code: 'archive_unavailable' } });
    expect((await acme.get('away')).text).toBe(text);
  });
});
