import type { Wire } from '../api/admin-api.js';
import { toUsd } from '../format/usd.js';

/** A day of a month: dollars that had been spent at its end, and those that are expected. */
export interface SpendRow {
  readonly day: string;
  readonly spent: number | null;
  readonly forecast: number | null;
}

function daysOf(month: string): string[] {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: count }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')}`);
}

/** The days of a budget's month, and the line that is not to be crossed. */
export function spendRows(
  budget: Wire['Budget'],
  usage: readonly Wire['Usage'][],
): { readonly rows: SpendRow[]; readonly limitUsd: number | undefined } {
  const byDay = new Map(usage.map((row) => [row.bucket?.slice(0, 10), toUsd(row.cost_nano_usd)]));
  const today = new Date().toISOString().slice(0, 10);
  const days = daysOf(budget.month);
  const last = days.at(-1);
  let sum = 0;
  const rows = days.map((day) => {
    sum += byDay.get(day) ?? 0;
    const isLast = day === last && budget.forecast_nano_usd !== null;
    return {
      day: day.slice(8),
      spent: day <= today ? sum : null,
      forecast: isLast ? toUsd(budget.forecast_nano_usd) : day === today ? sum : null,
    };
  });
  const limit = budget.budget_nano_usd;
  return { rows, limitUsd: limit === null ? undefined : toUsd(limit + (budget.increase_nano_usd ?? 0)) };
}
