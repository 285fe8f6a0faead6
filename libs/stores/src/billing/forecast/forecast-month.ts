import { MAX_NANO_USD, monthEndMs, monthStartMs, type Month } from '@tollgate/domain';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const WEEK_DAYS = 7;

/** Complete days before today that a forecast looks back on: four of each weekday. */
export const HISTORY_DAYS = 28;

/** What a forecast is made of. */
export interface ForecastInput {
  readonly month: Month;
  /** ms since the epoch. */
  readonly nowMs: number;
  /** Spend in nano-USD by the first instant of each UTC day (ms), of the month so far and of HISTORY_DAYS before today; absent days are 0. */
  readonly spentByDay: ReadonlyMap<number, number>;
}

/** What a month is expected to cost by its end; nano-USD. */
export interface Forecast {
  readonly spentNanoUsd: number;
  /** Never below what is spent; exactly that once the month is over. */
  readonly forecastNanoUsd: number;
  /** Complete days that it was learned from; 0: only a part of one day was there. */
  readonly basedOnDays: number;
}

const weekdayOf = (dayMs: number): number => (dayMs / DAY_MS) % WEEK_DAYS;

// Before the first spend there was no tenant to learn from.
function completeDays({ nowMs, spentByDay }: ForecastInput): number[] {
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const days = Array.from({ length: HISTORY_DAYS }, (_, i) => today - (HISTORY_DAYS - i) * DAY_MS);
  const first = days.findIndex((day) => (spentByDay.get(day) ?? 0) > 0);
  return first < 0 ? [] : days.slice(first);
}

function expectedByWeekday(input: ForecastInput, days: readonly number[]): (dayMs: number) => number {
  const spentOn = (day: number): number => input.spentByDay.get(day) ?? 0;
  const sum = (of: readonly number[]): number => of.reduce((total, day) => total + spentOn(day), 0);
  if (days.length === 0) {
    const today = Math.floor(input.nowMs / DAY_MS) * DAY_MS;
    // The first minutes say little: they count as an hour.
    const rate = (spentOn(today) / Math.max(HOUR_MS, input.nowMs - today)) * DAY_MS;
    return () => rate;
  }
  const mean = sum(days) / days.length;
  return (dayMs) => {
    const same = days.filter((day) => weekdayOf(day) === weekdayOf(dayMs));
    return (sum(same) + mean) / (same.length + 1);
  };
}

/**
 * Forecasts a month's spend: what is spent, plus for the rest of today and each day to come what a day of its weekday costs.
 * That is the mean of the same weekdays among the last 28 complete days, the mean of all of them counted as one more: a
 * seasonal mean with a week's season (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 5.2), drawn
 * towards the overall mean while there are few of a weekday. Assumed: weeks are alike, without trend. With no complete day
 * it is linear in today.
 */
export function forecastMonth(input: ForecastInput): Forecast {
  const [startMs, endMs] = [monthStartMs(input.month), monthEndMs(input.month)];
  const days = completeDays(input);
  const expected = expectedByWeekday(input, days);
  let spent = 0;
  let rest = 0;
  for (let day = startMs; day < endMs; day += DAY_MS) {
    spent += input.spentByDay.get(day) ?? 0;
    const left = Math.min(DAY_MS, Math.max(0, day + DAY_MS - input.nowMs));
    rest += (expected(day) * left) / DAY_MS;
  }
  return {
    spentNanoUsd: spent,
    forecastNanoUsd: Math.min(MAX_NANO_USD, spent + Math.round(rest)),
    basedOnDays: days.length,
  };
}
