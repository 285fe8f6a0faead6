import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ArchiveStoreError, type RaisedAlarm } from '@tollgate/stores';
import { ForeignBucketError } from '../bucket/marker.js';
import { Worker, type WorkStep, type WorkerOptions } from './worker.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function alarmOf(id: string): RaisedAlarm {
  return { id, kind: 'loss', packId: null, key: 'k', detail: 'the object is gone', raisedAt: new Date(0) };
}

/** A worker whose time stands still between passes until a test lets it go on. */
class Stage {
  nowMs = Date.UTC(2026, 10, 23);
  random = 0.5;
  readonly told: string[] = [];
  readonly waitsMs: number[] = [];
  alarms: RaisedAlarm[] = [];
  checkError: Error | undefined;
  readonly stepErrors = new Map<string, Error>();
  readonly worker: Worker;
  #wake: () => void = () => undefined;
  #asleep = Promise.withResolvers<void>();

  constructor(more: Partial<WorkerOptions> = {}) {
    const say = (text: string): void => void this.told.push(text);
    this.worker = new Worker({
      steps: [this.step('round', 0), this.step('evict', 0), this.step('compact', HOUR_MS)],
      checkArchive: async () => {
        say('check');
        if (this.checkError) throw this.checkError;
      },
      listAlarms: async () => this.alarms,
      intervalMs: MINUTE_MS,
      clock: { now: () => this.nowMs },
      random: () => this.random,
      wait: (ms, signal) => this.#wait(ms, signal),
      onError: (step, error) => say(`${step} failed: ${error instanceof Error ? error.message : '?'}`),
      onPaused: (reason) => say(`paused: ${reason}`),
      onResumed: () => say('resumed'),
      onAlarm: ({ id }) => say(`alarm ${id}`),
      ...more,
    });
  }

  step(name: string, everyMs: number): WorkStep {
    const run = async (): Promise<void> => {
      this.told.push(name);
      const error = this.stepErrors.get(name);
      if (error) throw error;
    };
    return { name, everyMs, run };
  }

  /** Lets one pass happen, and answers what it told. */
  async pass(): Promise<string[]> {
    this.told.length = 0;
    const asleep = this.#asleep.promise;
    if (this.waitsMs.length === 0) this.worker.start();
    this.#wake();
    await asleep;
    return [...this.told];
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    this.waitsMs.push(ms);
    const awake = Promise.withResolvers<void>();
    this.#wake = () => {
      this.nowMs += ms;
      awake.resolve();
    };
    signal.addEventListener('abort', () => awake.resolve());
    this.#asleep.resolve();
    this.#asleep = Promise.withResolvers();
    await awake.promise;
  }
}

describe('the offloader’s daemon', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage();
  });
  afterEach(async () => {
    expect(await stage.worker.stop(1000)).toBe(true);
  });

  it('looks at the archive first and every ten minutes, works in order in every pass, and compacts once an hour', async () => {
    expect(await stage.pass()).toEqual(['check', 'round', 'evict', 'compact']);
    for (let minute = 1; minute <= 61; minute += 1) {
      const due = [...(minute % 10 === 0 ? ['check'] : []), 'round', 'evict'];
      expect([minute, await stage.pass()]).toEqual([minute, minute === 60 ? [...due, 'compact'] : due]);
    }
    expect(new Set(stage.waitsMs)).toEqual(new Set([MINUTE_MS]));
  });

  it.each([
    [0, 0.8],
    [1, 1.2],
  ])('waits between two passes a fifth less or more (random %d)', async (random, share) => {
    stage.random = random;
    await stage.pass();
    expect(stage.waitsMs[0]).toBeCloseTo(share * MINUTE_MS);
  });

  it.each([
    [
      new ArchiveStoreError('denied', 'The archive answered 403.'),
      'the archive refuses our credentials' as const,
    ],
    [new ForeignBucketError(), 'the archive belongs to another database' as const],
  ])(
    'does no work at all while %s, says so once, and goes on when a canary has passed',
    async (error, why) => {
      stage.checkError = error;
      expect(await stage.pass()).toEqual(['check', `paused: ${why}`]);
      expect(stage.worker.pauseReason).toBe(why);
      expect(await stage.pass()).toEqual(['check']);
      stage.checkError = undefined;
      expect(await stage.pass()).toEqual(['check', 'resumed', 'round', 'evict', 'compact']);
      expect(stage.worker.pauseReason).toBeUndefined();
    },
  );

  it('pauses as soon as any step is refused', async () => {
    stage.stepErrors.set('round', new ArchiveStoreError('denied', 'no'));
    expect(await stage.pass()).toEqual(['check', 'round', 'paused: the archive refuses our credentials']);
    stage.stepErrors.clear();
    stage.checkError = new ArchiveStoreError('denied', 'still');
    expect(await stage.pass()).toEqual(['check']);
  });

  it.each(['unavailable', 'full'] as const)(
    'waits longer and longer, with full jitter and never more than five minutes, while the archive is %s',
    async (reason) => {
      stage.random = 1;
      stage.stepErrors.set('round', new ArchiveStoreError(reason, 'later'));
      for (let times = 0; times < 12; times += 1)
        expect(await stage.pass()).toEqual(['check', 'round', 'archive failed: later']);
      expect(stage.waitsMs.map((ms) => ms / 1000)).toEqual([
        2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300,
      ]);
      stage.random = 0;
      await stage.pass();
      expect(stage.waitsMs.at(-1)).toBe(1000);
      expect(stage.worker.pauseReason).toBeUndefined();
      stage.stepErrors.clear();
      expect(await stage.pass()).toEqual(['check', 'round', 'evict', 'compact']);
    },
  );

  it('lets no step that fails keep the others from their work, and tries it again in the next pass', async () => {
    stage.stepErrors.set('compact', new Error('a defect'));
    stage.stepErrors.set('round', new Error('Postgres is away'));
    const whole = ['round', 'round failed: Postgres is away', 'evict', 'compact', 'compact failed: a defect'];
    expect(await stage.pass()).toEqual(['check', ...whole]);
    expect(await stage.pass()).toEqual(whole);
  });

  it('tells of an alarm once, and counts it until it is cleared', async () => {
    stage.alarms = [alarmOf('a')];
    expect(await stage.pass()).toContain('alarm a');
    stage.alarms = [alarmOf('a'), alarmOf('b')];
    expect(await stage.pass()).toEqual(['round', 'evict', 'alarm b']);
    expect(stage.worker.openAlarms).toBe(2);
    stage.alarms = [];
    await stage.pass();
    expect(stage.worker.openAlarms).toBe(0);
  });
});

describe('a step of the daemon', () => {
  it('has its turn for a while, and goes on in the next pass', async () => {
    let runs = 0;
    const slow: WorkStep = {
      name: 'slow',
      everyMs: HOUR_MS,
      run: (signal) => {
        runs += 1;
        if (runs === 2) return Promise.resolve();
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
      },
    };
    const stage = new Stage({ steps: [slow], turnMs: 5 });
    await stage.pass();
    await stage.pass();
    await stage.pass();
    expect(runs).toBe(2);
    await stage.worker.stop(1000);
  });

  it('is let end when the daemon stops, and begins no other one', async () => {
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const stage = new Stage({
      steps: [
        {
          name: 'pack',
          everyMs: 0,
          run: async (signal) => {
            begun.resolve();
            await end.promise;
            stage.told.push(`ended, told to stop: ${signal.aborted}`);
          },
        },
        { name: 'next', everyMs: 0, run: async () => void stage.told.push('next') },
      ],
    });
    stage.worker.start();
    await begun.promise;
    expect(await stage.worker.stop(1)).toBe(false);
    expect(stage.worker.isDraining).toBe(true);
    end.resolve();
    expect(await stage.worker.stop(1000)).toBe(true);
    expect(stage.told).toEqual(['check', 'ended, told to stop: true']);
  });
});
