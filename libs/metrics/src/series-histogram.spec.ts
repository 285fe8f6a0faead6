import { describe, expect, it } from '@jest/globals';
import { Histogram, Registry } from 'prom-client';
import { SeriesHistogram } from './series-histogram.js';

const CONFIG = { name: 'seconds', help: 'Time.', labelNames: ['kind'], buckets: [0.1, 1, 10] };

describe('SeriesHistogram', () => {
  it('says to Prometheus what the histogram of prom-client would, however it is observed', async () => {
    const [own, theirs] = [new Registry(), new Registry()];
    const mine = new SeriesHistogram({ ...CONFIG, registers: [own] });
    const other = new Histogram({ ...CONFIG, registers: [theirs] });
    for (const [kind, value] of [
      ['a', 0.1],
      ['a', 0.5],
      ['b', 100],
      ['a', 1],
    ] as const) {
      if (value < 1) mine.seriesOf({ kind }).observe(value);
      else mine.observe({ kind }, value);
      other.observe({ kind }, value);
    }
    expect(await own.metrics()).toBe(await theirs.metrics());
    const values = async (registry: Registry): Promise<unknown> =>
      (await registry.getMetricsAsJSON()).map((metric) => ({
        ...{ name: metric.name, help: metric.help, type: metric.type, aggregator: metric.aggregator },
        values: metric.values.map(({ value, labels }) => ({ value, labels })),
      }));
    expect(await values(own)).toEqual(await values(theirs));
  });
});
