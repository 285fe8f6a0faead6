import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@tollgate/domain';
import { FakeR2 } from '@tollgate/fake-r2';
import { FolderArchiveStore, Reindex, S3ArchiveStore, type ArchiveStore } from '@tollgate/stores';
import { reindexBucket } from '../reindex/reindex-bucket.js';
import { OffloadWorld } from '../testing/offload-world.js';
import { sendCanary, sweepCanaries } from './canary.js';
import { MARKER_KEY, checkBucket, claimBucket } from './marker.js';

const clock = { now: () => Date.UTC(2026, 10, 23) };
const HOUR_MS = 3_600_000;

async function listAll(archive: ArchiveStore): Promise<readonly string[]> {
  return (await archive.list('checkpoints/')).keys;
}

describe.each(['R2', 'a folder'])('the archive in %s', (kind) => {
  let r2: FakeR2;
  let folder: string;
  let archive: ArchiveStore;
  beforeEach(async () => {
    r2 = await FakeR2.start({ limitsWrites: false });
    folder = await mkdtemp(join(tmpdir(), 'tollgate-bucket-'));
    archive =
      kind === 'R2'
        ? new S3ArchiveStore({ endpoint: r2.url, bucket: r2.bucket, ...r2.credentials, timeoutMs: 2000 })
        : new FolderArchiveStore({ folder });
  });
  afterEach(async () => {
    await archive.close();
    await r2.stop();
    await rm(folder, { recursive: true });
  });

  it('belongs to the first database that claims it, for ever, and to no other', async () => {
    const [mine, other] = [randomUUID(), randomUUID()];
    await checkBucket(archive, mine);
    expect(await listAll(archive)).toEqual([]);
    await claimBucket(archive, mine);
    await claimBucket(archive, mine);
    await checkBucket(archive, mine);
    expect(JSON.parse((await archive.get(MARKER_KEY)).toString())).toEqual({ archive_id: mine });
    const foreign = {
      name: 'ForeignBucketError',
      message:
        'The archive belongs to another database: its checkpoints/.tollgate/owner.json names another archive. ' +
        'Give this database a bucket (or folder) of its own, or connect to the database that the archive belongs to.',
    };
    await expect(claimBucket(archive, other)).rejects.toMatchObject(foreign);
    await expect(checkBucket(archive, other)).rejects.toMatchObject(foreign);
    expect(await listAll(archive)).toEqual([MARKER_KEY]);
  });

  it('takes a canary and gives it back, and keeps nothing of it', async () => {
    await archive.put('checkpoints/.tollgate/before', Buffer.from('x'), {});
    await sendCanary(archive, clock);
    expect(await listAll(archive)).toEqual(['checkpoints/.tollgate/before']);
  });

  it('loses the canaries that a crash left behind, and no younger ones', async () => {
    const left = [clock.now() - HOUR_MS - 1, clock.now()].map(
      (sentMs) => `checkpoints/.tollgate/canary-${uuidV7(sentMs)}`,
    );
    for (const key of left) await archive.put(key, Buffer.from('x'), {});
    await sweepCanaries(archive, clock);
    expect(await listAll(archive)).toEqual(left.slice(1));
  });
});

describe('a canary', () => {
  let r2: FakeR2;
  let archive: ArchiveStore;
  beforeEach(async () => {
    r2 = await FakeR2.start({ limitsWrites: false });
    archive = new S3ArchiveStore({
      endpoint: r2.url,
      bucket: r2.bucket,
      ...r2.credentials,
      timeoutMs: 300,
      wait: () => Promise.resolve(),
    });
  });
  afterEach(async () => {
    await archive.close();
    await r2.stop();
  });

  it.each([
    ['is changed on its way', { kind: 'flip-bit', bit: 3 }, 'GetObject', 'corrupt'],
    ['is kept short', { kind: 'truncate', keptBytes: 3 }, 'PutObject', 'corrupt'],
    ['may not be written', { kind: 'error', code: 'AccessDenied' }, 'PutObject', 'denied'],
    ['may not be deleted', { kind: 'error', code: 'AccessDenied' }, 'DeleteObject', 'denied'],
    ['is not answered', { kind: 'hang' }, 'GetObject', 'unavailable'],
  ] as const)('that %s says why', async (_, fault, operation, reason) => {
    r2.faults.add({ fault, on: [operation] });
    await expect(sendCanary(archive, clock)).rejects.toMatchObject({ name: 'ArchiveStoreError', reason });
  });
});

describe('rebuilding the index', () => {
  it('takes neither marker nor canary for a pack, nor complains of them', async () => {
    const world = await OffloadWorld.create();
    await claimBucket(world.archive, randomUUID());
    await world.archive.put('checkpoints/.tollgate/canary-x', Buffer.from('x'), {});
    expect(await reindexBucket(new Reindex(world.pool), world.archive)).toEqual({
      packs: 0,
      entries: 0,
      dead: 0,
      refused: [],
    });
    await world.close();
  });
});
