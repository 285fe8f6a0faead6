import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FaultRule } from '@tollgate/fake-r2';
import { OFFLOAD_STEPS } from '../step.js';
import { CrashWorld } from './testing/crash-world.js';

/** What goes wrong with the archive while an offloader is killed. */
const FAULTS: Readonly<Record<string, FaultRule[]>> = {
  'nothing else wrong': [],
  'uploads cut short at rest': [{ fault: { kind: 'truncate', keptBytes: 100 }, on: ['PutObject'], times: 1 }],
  'a bit flipped at rest': [{ fault: { kind: 'flip-bit', bit: 999 }, on: ['PutObject'], times: 1 }],
  'a bit flipped on the way back': [{ fault: { kind: 'flip-bit', bit: 999 }, on: ['GetObject'], times: 1 }],
  'an answer cut short': [{ fault: { kind: 'cut', keptBytes: 50 }, on: ['GetObject'], times: 1 }],
  'an object wiped before it is read': [
    { fault: { kind: 'wipe' }, on: ['GetObject', 'HeadObject'], times: 1 },
  ],
  'too many requests': [
    {
      fault: { kind: 'error', code: 'SlowDown', retryAfterSeconds: 0 },
      on: ['PutObject', 'GetObject', 'HeadObject'],
      times: 2,
    },
  ],
  'errors before the commit': [
    { fault: { kind: 'error', code: 'InternalError' }, on: ['PutObject', 'HeadObject'], times: 2 },
  ],
  'errors after the commit': [
    { fault: { kind: 'error', code: 'InternalError', isCommitted: true }, on: ['PutObject'], times: 1 },
  ],
  'uploads without an answer': [{ fault: { kind: 'hang', isCommitted: true }, on: ['PutObject'], times: 1 }],
  'a clock that is off': [
    { fault: { kind: 'error', code: 'RequestTimeTooSkewed' }, on: ['GetObject'], times: 1 },
  ],
  'no right to read': [{ fault: { kind: 'error', code: 'AccessDenied' }, on: ['GetObject'], times: 1 }],
};

const COMPACTION_STEPS = ['announced', 'uploaded', 'verified', 'swapped'].map((step) => `compaction ${step}`);
const CASES = [
  ...OFFLOAD_STEPS.flatMap((step) => Object.keys(FAULTS).map((fault) => [step, fault] as const)),
  ...[...COMPACTION_STEPS, 'object deleted'].map((step) => [step, 'nothing else wrong'] as const),
];

describe('an offloader that is killed', () => {
  let crash: CrashWorld;
  beforeEach(async () => {
    crash = await CrashWorld.create();
  });
  afterEach(() => crash.close());

  // What the compaction and the garbage collection need to have something to do.
  async function wearOut(): Promise<void> {
    await crash.seed('acme', 6, 'old-');
    const worker = crash.world.worker();
    await worker.round.run();
    await worker.eviction.run();
    for (let run = 0; run < 4; run += 1) await crash.delete(`acme/old-${run}`);
  }

  it.each(CASES)(
    'after the step "%s", with %s, loses nothing and serves nothing wrong',
    async (step, fault) => {
      await wearOut();
      await crash.seed('acme', 40);
      await crash.seed('globex', 5);
      for (const rule of FAULTS[fault] ?? []) crash.r2.faults.add(rule);
      const { ended } = crash.start({ at: step });
      // Agents go on meanwhile.
      await crash.put('acme/run-3', '{"late":true}');
      await crash.put('globex/run-1', '{"running":true}', 'running');
      await crash.delete('acme/run-5');
      const end = await ended;
      if (fault === 'nothing else wrong') expect(end).toBe('SIGKILL');
      else expect(['SIGKILL', 0]).toContain(end);

      crash.r2.faults.clear();
      expect(await crash.findWrong()).toEqual([]);
      await crash.put('acme/run-7', '{"later":true}');
      await crash.recover();
      expect(await crash.fsck()).toEqual([]);
      expect(await crash.findWrong()).toEqual([]);
      expect(await crash.world.count()).toMatchObject({ queued: 2, live: 3 });
    },
  );
});
