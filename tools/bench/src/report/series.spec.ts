import { describe, expect, it } from '@jest/globals';
import { judge } from './limit.js';
import { Series } from './series.js';
import { percentile } from './statistic.js';

function seriesOf(values: Readonly<Record<string, readonly number[]>>): Series {
  const series = new Series();
  for (const [name, rounds] of Object.entries(values)) for (const value of rounds) series.add(name, value);
  return series;
}

describe('Series', () => {
  it('takes the middle of the ratios of equal rounds, so that a slow round cancels out', () => {
    const series = seriesOf({ own: [20, 200, 22], base: [10, 100, 10] });
    expect(series.ratio('own', 'base')).toBe(2);
    expect(series.median('own')).toBe(22);
  });

  it('has no ratio to a peer that never ran', () => {
    expect(seriesOf({ own: [20] }).ratio('own', 'base')).toBeUndefined();
    expect(seriesOf({ own: [20] }).median('base')).toBeUndefined();
  });
});

describe('percentile', () => {
  it('is the value below which that share lies', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.5)).toBe(51);
    expect(percentile(values, 0.99)).toBe(100);
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('judge', () => {
  const limit = { level: 'must', claim: 'at most 2', format: String } as const;

  it('lets a limit itself pass, unless it is strict', () => {
    expect(judge({ ...limit, measured: 2, max: 2 }).isReached).toBe(true);
    expect(judge({ ...limit, measured: 2, max: 2, isStrict: true }).isReached).toBe(false);
    expect(judge({ ...limit, measured: 2.1, max: 2 }).isReached).toBe(false);
  });

  it('takes nothing for reached that could not be measured or compared', () => {
    expect(judge({ ...limit, measured: undefined, max: 2 }).isReached).toBeUndefined();
    expect(judge({ ...limit, measured: 1, max: undefined }).isReached).toBeUndefined();
  });
});
