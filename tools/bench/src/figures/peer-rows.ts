import type { Lineup } from '../peers/lineup.js';
import type { Row } from '../report/section.js';

/** A row for each peer in the order of the line-up; the reason in place of the figures for one that failed. */
export function peerRows(lineup: Lineup, cellsOf: (name: string) => readonly string[]): readonly Row[] {
  return lineup.names.map((name) => {
    const reason = lineup.failures.get(name);
    return { name, cells: reason === undefined ? cellsOf(name) : [`failed: ${reason}`] };
  });
}
