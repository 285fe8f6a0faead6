import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_NANO_USD, monthEndMs, monthOf, monthStartMs } from '@tollgate/domain';
import { forecastMonth } from './forecast-month.js';

const DAY_MS = 86_400_000;

/** Spend by day from one day until before another. */
function spend(from: string, to: string, amount: (dayMs: number) => number): Map<number, number> {
  const days = new Map<number, number>();
  for (let day = Date.parse(from); day < Date.parse(to); day += DAY_MS) days.set(day, amount(day));
  return days;
}
const isWeekend = (dayMs: number): boolean => [0, 6].includes(new Date(dayMs).getUTCDay());

describe('forecastMonth', () => {
  it.each([
    ['2026-11', 30],
    ['2026-12', 31],
    ['2026-02', 28],
    ['2028-02', 29],
    ['2100-02', 28],
  ])('of an even spend is days times spend: %s has %d', (month, length) => {
    const start = monthStartMs(month);
    const before = new Date(start - 28 * DAY_MS).toISOString();
    const spentByDay = spend(before, new Date(start + 10 * DAY_MS).toISOString(), () => 1000);
    const forecast = forecastMonth({ month, nowMs: start + 10 * DAY_MS, spentByDay });
    expect(forecast).toEqual({ spentNanoUsd: 10_000, forecastNanoUsd: length * 1000, basedOnDays: 28 });
  });

  it('knows that weekends differ', () => {
    const busy = (day: number): number => (isWeekend(day) ? 0 : 700);
    const spentByDay = spend('2026-10-01', '2026-11-16', busy); // Monday the 16th begins
    const { forecastNanoUsd } = forecastMonth({
      month: '2026-11',
      nowMs: Date.UTC(2026, 10, 16),
      spentByDay,
    });
    const mean = (20 * 700) / 28;
    const weekday = (4 * 700 + mean) / 5;
    const weekend = mean / 5;
    expect(forecastNanoUsd).toBe(10 * 700 + 11 * weekday + 4 * weekend);
  });

  it('counts of today only what is left of it', () => {
    const spentByDay = spend('2026-10-01', '2026-11-11', () => 1000).set(Date.UTC(2026, 10, 11), 50);
    const at = (hour: number): number =>
      forecastMonth({ month: '2026-11', nowMs: Date.UTC(2026, 10, 11, hour), spentByDay }).forecastNanoUsd;
    expect(at(6)).toBe(10_000 + 50 + 750 + 19_000);
    expect(at(18)).toBe(10_000 + 50 + 250 + 19_000);
  });

  it('looks back into the month before, across years too', () => {
    const spentByDay = spend('2026-12-01', '2027-01-01', () => 100);
    expect(forecastMonth({ month: '2027-01', nowMs: Date.UTC(2027, 0, 1), spentByDay })).toEqual({
      spentNanoUsd: 0,
      forecastNanoUsd: 3100,
      basedOnDays: 28,
    });
  });

  it('is not lowered by days before the first spend', () => {
    const spentByDay = spend('2026-11-08', '2026-11-11', () => 600);
    const forecast = forecastMonth({ month: '2026-11', nowMs: Date.UTC(2026, 10, 11), spentByDay });
    expect(forecast).toEqual({ spentNanoUsd: 1800, forecastNanoUsd: 1800 + 20 * 600, basedOnDays: 3 });
  });

  it('is linear in the first day, whose first minutes count as an hour', () => {
    const spentByDay = new Map([[Date.UTC(2026, 10, 1), 240]]);
    const at = (ms: number): unknown =>
      forecastMonth({ month: '2026-11', nowMs: Date.UTC(2026, 10, 1) + ms, spentByDay });
    expect(at(DAY_MS / 2)).toEqual({
      spentNanoUsd: 240,
      forecastNanoUsd: 240 + 240 + 29 * 480,
      basedOnDays: 0,
    });
    expect(at(1)).toMatchObject({ forecastNanoUsd: 240 + 30 * 240 * 24 });
  });

  it('is what was spent when the month is over, and nothing when nothing ever was', () => {
    const spentByDay = spend('2026-11-01', '2026-12-05', () => 1000);
    expect(forecastMonth({ month: '2026-11', nowMs: Date.UTC(2026, 11, 5), spentByDay })).toMatchObject({
      forecastNanoUsd: 30_000,
    });
    expect(forecastMonth({ month: '2026-11', nowMs: monthEndMs('2026-11'), spentByDay })).toMatchObject({
      forecastNanoUsd: 30_000,
    });
    expect(forecastMonth({ month: '2026-11', nowMs: Date.UTC(2026, 10, 9), spentByDay: new Map() })).toEqual({
      spentNanoUsd: 0,
      forecastNanoUsd: 0,
      basedOnDays: 0,
    });
  });

  it('is a whole amount, from what is spent to the largest one, at any instant', () => {
    const instant = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2029, 0, 1) });
    const amounts = fc.array(fc.oneof(fc.nat(10_000), fc.nat(Math.floor(MAX_NANO_USD / 100))), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(instant, amounts, (nowMs, list) => {
        const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
        const spentByDay = new Map(list.map((amount, i) => [today - i * DAY_MS, amount]));
        const { spentNanoUsd, forecastNanoUsd } = forecastMonth({ month: monthOf(nowMs), nowMs, spentByDay });
        expect(Number.isSafeInteger(forecastNanoUsd)).toBe(true);
        expect(forecastNanoUsd).toBeGreaterThanOrEqual(spentNanoUsd);
      }),
    );
  });
});
