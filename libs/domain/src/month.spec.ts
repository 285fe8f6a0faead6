import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { monthEndMs, monthOf, monthStartMs } from './month.js';

const at = (text: string): number => Date.parse(text);

describe('a month', () => {
  it.each([
    ['2026-10-31T23:59:59.999Z', '2026-10'],
    ['2026-11-01T00:00:00.000Z', '2026-11'],
    ['2026-11-01T00:30:00.000+01:00', '2026-10'],
    ['2026-12-31T23:59:59.999Z', '2026-12'],
    ['2027-01-01T00:00:00.000Z', '2027-01'],
    ['2028-02-29T12:00:00.000Z', '2028-02'],
    ['1970-01-01T00:00:00.000Z', '1970-01'],
  ])('of %s is %s', (instant, month) => {
    expect(monthOf(at(instant))).toBe(month);
  });

  it.each([
    ['2026-11', '2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
    ['2026-12', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2028-02', '2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
  ])('%s starts and ends at its first instants', (month, start, end) => {
    expect([monthStartMs(month), monthEndMs(month)]).toEqual([at(start), at(end)]);
  });

  it('holds every instant between its start and its end, in whatever order they are asked for', () => {
    const instants = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.array(instants, { minLength: 1, maxLength: 20 }), (dates) => {
        for (const date of dates) {
          const month = monthOf(date.getTime());
          expect(month).toBe(date.toISOString().slice(0, 7));
          expect(date.getTime()).toBeGreaterThanOrEqual(monthStartMs(month));
          expect(date.getTime()).toBeLessThan(monthEndMs(month));
        }
      }),
    );
  });

  it('follows the one before without a gap', () => {
    for (let month = '2025-01'; month < '2029-01';) {
      const end = monthEndMs(month);
      expect(monthOf(end - 1)).toBe(month);
      month = monthOf(end);
      expect(monthStartMs(month)).toBe(end);
    }
  });
});
