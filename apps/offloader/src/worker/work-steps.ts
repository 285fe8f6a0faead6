import type { Clock } from '@tollgate/domain';
import type { ArchiveStore, Subset } from '@tollgate/stores';
import { sweepCanaries } from '../bucket/canary.js';
import { expire } from '../expire/expire.js';
import { collectGarbage } from '../gc/collect-garbage.js';
import type { Parts } from '../parts.js';
import type { WorkStep } from './worker.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Each pack is read again within as many days. */
const SCRUB_PARTS = 30;
/** So that neither a restart nor another replica reads the day's packs twice. */
const SCRUBBED_LATELY_SECONDS = 86_400;

/** What a step did, in numbers. */
export type WorkReport = Readonly<Record<string, number>>;

/** What the steps work on. */
export interface WorkStepsOptions {
  readonly parts: Parts;
  readonly archive: ArchiveStore;
  readonly clock: Clock;
  /** Told what a step did; it says nothing when it did nothing. */
  readonly onDone: (step: string, report: WorkReport) => void;
}

/** The packs that are read again on a day. */
export function subsetOfDay(nowMs: number): Subset {
  const part = (Math.floor(nowMs / DAY_MS) % SCRUB_PARTS) + 1;
  return { part, of: SCRUB_PARTS, notSinceSeconds: SCRUBBED_LATELY_SECONDS };
}

/** All kinds of work, in their order. */
export function createWorkSteps({ parts, archive, clock, onDone }: WorkStepsOptions): WorkStep[] {
  const { round, eviction, garbage: index, compaction, scrub, expiry, batchSize, ages } = parts;
  const { expireSeconds: olderThanSeconds } = ages;
  const step = (
    name: string,
    everyMs: number,
    work: (signal: AbortSignal) => Promise<WorkReport>,
  ): WorkStep => ({
    name,
    everyMs,
    run: async (signal) => {
      const report = await work(signal);
      if (Object.values(report).some((count) => count !== 0)) onDone(name, report);
    },
  });
  const steps = [
    step('round', 0, async (signal) => ({ ...(await round.run(signal)) })),
    step('evict', 0, async (signal) => ({ ...(await eviction.run(signal)) })),
    step('garbage', 0, (signal) => collectGarbage({ index, archive }, signal)),
    step('compact', HOUR_MS, async (signal) => ({ ...(await compaction.run(signal)) })),
    step('scrub', HOUR_MS, async (signal) => ({ ...(await scrub.run(subsetOfDay(clock.now()), signal)) })),
    step('canaries', DAY_MS, async () => {
      await sweepCanaries(archive, clock);
      return {};
    }),
  ];
  if (olderThanSeconds === undefined) return steps;
  return [
    ...steps,
    step('expire', HOUR_MS, async (signal) => ({
      expired: await expire({ index: expiry, olderThanSeconds, batchSize }, signal),
    })),
  ];
}
