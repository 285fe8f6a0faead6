import { Counter, Gauge, Registry } from 'prom-client';
import { SeriesHistogram } from './series-histogram.js';
import { METRICS, type MetricDefinition, type MetricName } from './catalogue.js';

/** A registry for metrics of the catalogue. */
export class ServiceMetrics {
  readonly registry = new Registry();

  counter(name: MetricName, collect?: (counter: Counter) => void): Counter {
    const { help, labels } = definition(name);
    return new Counter({
      name,
      help,
      labelNames: [...labels],
      registers: [this.registry],
      ...collecting(collect),
    });
  }

  gauge(name: MetricName, collect?: (gauge: Gauge) => void): Gauge {
    const { help, labels, aggregator } = definition(name);
    return new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [this.registry],
      aggregator: aggregator ?? 'sum',
      ...collecting(collect),
    });
  }

  histogram(name: MetricName): SeriesHistogram {
    const { help, labels, buckets } = definition(name);
    return new SeriesHistogram({
      name,
      help,
      labelNames: [...labels],
      buckets: [...(buckets ?? [])],
      registers: [this.registry],
    });
  }
}

const definition = (name: MetricName): MetricDefinition => METRICS[name];

// prom-client calls `collect` with the metric as `this`, at each scrape.
function collecting<T>(collect: ((metric: T) => void) | undefined): { collect?: (this: T) => void } {
  if (!collect) return {};
  return {
    collect(this: T) {
      collect(this);
    },
  };
}
