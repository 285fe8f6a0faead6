import type { Clock } from '@tollgate/domain';
import { ok, warning, type Finding } from './finding.js';

const SECOND_MS = 1000;
const WARNING_MS = 2000;
const ERROR_MS = 60_000;

/** Another machine's clock, read between two looks at our own. */
export interface ClockReading {
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
  /** ms since the epoch. */
  readonly remoteMs: number;
}

/** Asks another machine for its time, in ms since the epoch. */
export async function readClock(clock: Clock, ask: () => Promise<number>): Promise<ClockReading> {
  const sentAtMs = clock.now();
  const remoteMs = await ask();
  return { sentAtMs, receivedAtMs: clock.now(), remoteMs };
}

/**
 * How far a clock is off, at the least: its time was read at some moment of the round trip, and is exact to
 * `precisionMs` only, so that much is given to it.
 */
export function judgeClock(
  whose: string,
  why: string,
  { sentAtMs, receivedAtMs, remoteMs }: ClockReading,
  precisionMs = 0,
): Finding {
  if (!Number.isFinite(remoteMs))
    return warning(`${whose} does not tell its time.`, why, 'See that it takes its time from NTP.');
  const aheadMs = Math.max(0, remoteMs - receivedAtMs);
  const behindMs = Math.max(0, sentAtMs - remoteMs - precisionMs);
  const offMs = Math.max(aheadMs, behindMs);
  if (offMs < WARNING_MS) return ok(`The clock of ${whose} agrees with this machine's.`);
  const seconds = (offMs / SECOND_MS).toFixed(1);
  return {
    level: offMs < ERROR_MS ? 'warning' : 'error',
    what: `The clock of ${whose} is ${seconds} s or more ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's.`,
    why,
    remedy: 'Let both machines take their time from NTP.',
  };
}
