import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ArchiveStoreError, MemoryArchiveStore, type Claim } from '@tollgate/stores';
import { OffloadWorld } from '../testing/offload-world.js';

/** An archive that takes no pack with the given run in it. */
class PickyArchive extends MemoryArchiveStore {
  constructor(private readonly runId: string) {
    super();
  }

  override put(...args: Parameters<MemoryArchiveStore['put']>): ReturnType<MemoryArchiveStore['put']> {
    const isRefused = gunzipSync(args[1]).includes(`{"run_id":"${this.runId}"`);
    return isRefused ? Promise.reject(new ArchiveStoreError('corrupt', 'Not this one.')) : super.put(...args);
  }
}

describe('one run that breaks every pack', () => {
  let world: OffloadWorld;
  beforeEach(async () => {
    world = await OffloadWorld.create(new PickyArchive('run-77'));
  });
  afterEach(() => world.close());

  const setAside = async (): Promise<unknown[]> =>
    (
      await world.pool.query<object>(
        'SELECT run_id, failures, last_error, owner, quarantined_at IS NOT NULL AS is_quarantined FROM checkpoint_offloads',
      )
    ).rows;
  const quarantined = (failures: number, lastError: string): object[] => [
    { run_id: 'run-77', failures, last_error: lastError, owner: null, is_quarantined: true },
  ];

  it('is set aside after its third failure, and all others are archived', async () => {
    await world.seed('acme', 200);
    const worker = world.worker();
    for (let round = 0; round < 3; round += 1) {
      await worker.round.run();
      await world.pool.query('UPDATE checkpoint_offloads SET retry_at = NULL');
    }
    expect(await setAside()).toEqual(quarantined(3, 'ArchiveStoreError corrupt'));
    expect(await world.count()).toMatchObject({ live: 200, archived: 199, entries: 199 });
  });

  it('is set aside when it takes its workers down with it', async () => {
    await world.seed('acme', 100);
    const ages = { olderThanSeconds: 0, leaseSeconds: 600 };
    const claim = (): Promise<Claim[]> =>
      world.worker().queue.claim({ tenantId: 'acme', ...ages, limit: 100, maxLosses: 6 });
    const sizes: number[] = [];
    // Whoever takes it dies; whoever does not, archives what it took.
    for (let claims = await claim(); claims.length > 0; claims = await claim()) {
      const runIds = claims.map(({ runId }) => runId);
      if (runIds.includes('run-77')) {
        sizes.push(claims.length);
        await world.pool.query('UPDATE checkpoint_offloads SET lease_until = now()');
      } else await world.pool.query('DELETE FROM checkpoint_offloads WHERE run_id = ANY ($1)', [runIds]);
    }
    expect(sizes).toEqual([100, 3, 1, 1, 1, 1]);
    expect(await setAside()).toEqual(quarantined(6, 'worker_lost'));
  });
});
