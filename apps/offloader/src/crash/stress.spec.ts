import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CrashWorld } from './testing/crash-world.js';

/** `STRESS_CHECKPOINTS=200000` makes a long run of it. */
const CHECKPOINTS = Number(process.env['STRESS_CHECKPOINTS'] ?? 6000);
const TENANTS = ['acme', 'globex', 'initech'];
/** Writes, deletions and reads of agents between two kills. */
const OPERATIONS_BETWEEN_KILLS = 400;
const KILLS = Math.max(4, Math.round(CHECKPOINTS / 20_000));
const TIMEOUT_MS = Math.max(180_000, CHECKPOINTS * 10);

describe('two offloaders on one database', () => {
  let crash: CrashWorld;
  let random: number;
  const below = (limit: number): number => {
    random = (random * 48_271) % 2_147_483_647; // Lehmer's generator: a run can be repeated
    return random % limit;
  };

  beforeAll(async () => {
    random = Number(process.env['STRESS_SEED'] ?? 20_261_123);
    crash = await CrashWorld.create(random);
    for (const tenant of TENANTS) await crash.seed(tenant, Math.round(CHECKPOINTS / TENANTS.length));
  }, TIMEOUT_MS);
  afterAll(() => crash.close());

  const start = (): ReturnType<CrashWorld['start']> =>
    crash.start({ rounds: 1_000_000, archiveTimeoutMs: 2000 });

  /** One thing that an agent does, at random: it writes, goes on with, deletes or reads a run. */
  async function act(runs: readonly string[], turn: number): Promise<void> {
    const run = runs[below(runs.length)] ?? '';
    const isDeleted = crash.acknowledged.get(run) === undefined;
    switch (isDeleted ? 3 : below(8)) {
      case 0:
        return crash.delete(run);
      case 1:
        return crash.put(run, `{"turn":${turn},"goes_on":true}`, 'running');
      case 2:
        return crash.put(run, `{"turn":${turn},"run":"${run}"}`);
      default:
        expect(await crash.read(run)).toEqual(crash.acknowledged.get(run));
    }
  }

  it(
    'lose and mix up nothing while one of them is killed again and again, agents go on, and the archive fails 1 call in 20',
    async () => {
      const runs = [...crash.acknowledged.keys()];
      for (const code of ['InternalError', 'SlowDown'] as const)
        crash.r2.faults.add({
          fault: { kind: 'error', code, retryAfterSeconds: 0 },
          on: ['PutObject', 'GetObject', 'HeadObject'],
          keyPattern: 'ndjson',
          probability: 0.025,
        });
      const workers = [start(), start()];
      for (let kills = 0; kills < KILLS; kills += 1) {
        for (let turn = 0; turn < OPERATIONS_BETWEEN_KILLS; turn += 1) await act(runs, kills * 1000 + turn);
        const victim = workers[kills % 2];
        victim?.child.kill('SIGKILL');
        expect(await victim?.ended).toBe('SIGKILL');
        await crash.expireLeases();
        workers[kills % 2] = start();
      }
      await crash.untilQueueIsEmpty();
      for (const { child } of workers) child.kill('SIGKILL');
      await Promise.all(workers.map(({ ended }) => ended));

      expect(await crash.recover()).toBe(0);
      expect(await crash.findWrongInTables()).toEqual([]);
      expect(await crash.fsck()).toEqual([]);
      const { live, queued, evicted } = await crash.world.count();
      expect([queued, evicted > 0.5 * CHECKPOINTS, live < 0.2 * CHECKPOINTS]).toEqual([
        live - (await running()),
        true,
        true,
      ]);
    },
    TIMEOUT_MS,
  );

  /** Runs that go on. */
  async function running(): Promise<number> {
    const { rows } = await crash.world.pool.query<{ running: number }>(
      "SELECT count(*)::int AS running FROM checkpoints WHERE status = 'running'",
    );
    return rows[0]?.running ?? 0;
  }
});
