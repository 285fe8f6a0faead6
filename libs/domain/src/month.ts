import { firstUuidAt, timeOfUuidV7 } from './uuid-v7.js';

/** A calendar month in UTC as `2026-11`: the window of tenant, agent and key budgets. */
export type Month = string;

let current = { month: '', startMs: 0, endMs: 0, firstId: '', endId: '' };

/** The UTC month that an instant (ms since the epoch) falls in. */
export function monthOf(timeMs: number): Month {
  if (timeMs < current.startMs || timeMs >= current.endMs) {
    const month = new Date(timeMs).toISOString().slice(0, 7);
    const [startMs, endMs] = [monthStartMs(month), monthEndMs(month)];
    current = { month, startMs, endMs, firstId: firstUuidAt(startMs), endId: firstUuidAt(endMs) };
  }
  return current.month;
}

/** The UTC month of the instant inside a UUID version 7 (lower case): the month that its call is billed in. */
export function monthOfUuidV7(id: string): Month {
  // Such ids sort by time: all but the first id of a month need no arithmetic.
  return id >= current.firstId && id < current.endId ? current.month : monthOf(timeOfUuidV7(id));
}

/** The first instant of a month, in ms since the epoch. */
export function monthStartMs(month: Month): number {
  return Date.parse(`${month}-01T00:00:00.000Z`);
}

/** The first instant after a month, in ms since the epoch: when its budget resets. */
export function monthEndMs(month: Month): number {
  const start = new Date(monthStartMs(month));
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1);
}
