import { toUsd } from '../format/usd.js';
import type { UsageRow } from './usage-columns.js';
import type { Dimension } from './usage-question.js';

const COLORS = ['blue.6', 'orange.6', 'teal.6', 'grape.6', 'yellow.6', 'cyan.6', 'red.6', 'gray.6'] as const;
const REST = 'all others';

/** Rows of a chart: a time, and the dollars of each series. */
export interface StackedUsage {
  readonly rows: Record<string, string | number>[];
  readonly series: { readonly name: string; readonly label: string; readonly color: string }[];
}

const LENGTHS = { hour: 16, day: 10, month: 7 } as const;

/** Usage by time, with a series for each of the most expensive groups, and one for the rest. */
export function stackRows(
  usage: readonly UsageRow[],
  dimension: Dimension | undefined,
  bucket: keyof typeof LENGTHS,
): StackedUsage {
  const nameOf = (row: UsageRow): string => (dimension === undefined ? 'Cost' : (row[dimension] ?? 'none'));
  const names = largest(usage, nameOf);
  const rows = new Map<string, Record<string, string | number>>();
  for (const usageRow of usage) {
    const time = (usageRow.bucket ?? '').slice(0, LENGTHS[bucket]).replace('T', ' ');
    const row = rows.get(time) ?? { time, ...Object.fromEntries(names.map((name) => [seriesKey(name), 0])) };
    const key = seriesKey(names.includes(nameOf(usageRow)) ? nameOf(usageRow) : REST);
    row[key] = Number(row[key] ?? 0) + toUsd(usageRow.cost_nano_usd);
    rows.set(time, row);
  }
  const series = names.map((name, i) => ({
    name: seriesKey(name),
    label: name,
    color: COLORS[i] ?? 'gray.6',
  }));
  return { rows: [...rows.values()], series };
}

// The chart reads names as paths: a model's dots would lead nowhere.
const seriesKey = (name: string): string => name.replaceAll(/[.[\]]/g, '_');

function largest(usage: readonly UsageRow[], nameOf: (row: UsageRow) => string): string[] {
  const sums = new Map<string, number>();
  for (const row of usage) sums.set(nameOf(row), (sums.get(nameOf(row)) ?? 0) + (row.cost_nano_usd ?? 0));
  const names = [...sums].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
  return names.length <= COLORS.length ? names : [...names.slice(0, COLORS.length - 1), REST];
}
