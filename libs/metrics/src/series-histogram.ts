import { Histogram } from 'prom-client';

type Labels = Readonly<Record<string, string>>;
type Values = Awaited<ReturnType<Histogram['get']>>;

/** One label set of a histogram, counted in plain numbers. */
export class HistogramSeries {
  /** Observations by the first bound that they do not exceed; the last place is for those above all bounds. */
  readonly counts: number[];
  sum = 0;

  constructor(
    readonly labels: Labels,
    private readonly bounds: readonly number[],
  ) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    const { bounds, counts } = this;
    let place = 0;
    while (place < bounds.length && value > (bounds[place] as number)) place += 1;
    counts[place] = (counts[place] ?? 0) + 1;
    this.sum += value;
  }

  /** Buckets count all observations up to their bound (Prometheus exposition format, Histograms). */
  *values(name: string): Iterable<Values['values'][number]> {
    let total = 0;
    for (const [place, count] of this.counts.entries()) {
      total += count;
      const le = this.bounds[place] ?? '+Inf';
      yield { metricName: `${name}_bucket`, value: total, labels: { le, ...this.labels } };
    }
    yield { metricName: `${name}_sum`, value: this.sum, labels: this.labels };
    yield { metricName: `${name}_count`, value: total, labels: this.labels };
  }
}

/**
 * A histogram whose label sets are looked up once and then observed without a search: prom-client validates and
 * hashes all labels at each observation, three times for a call.
 */
export class SeriesHistogram extends Histogram {
  readonly #series = new Map<string, HistogramSeries>();
  readonly #config: ConstructorParameters<typeof Histogram>[0];

  constructor(config: ConstructorParameters<typeof Histogram>[0]) {
    super(config);
    this.#config = config;
    // prom-client's own, which would count beside our series, is a property of each instance.
    this.observe = (labels: unknown, value?: unknown) => {
      if (typeof labels === 'number') this.seriesOf({}).observe(labels);
      else this.seriesOf(labels as Labels).observe(Number(value));
    };
  }

  /** The series of a label set: the same one each time. */
  seriesOf(labels: Labels): HistogramSeries {
    const key = Object.values(labels).join(' ');
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, (series = new HistogramSeries(labels, this.#config.buckets ?? [])));
    return series;
  }

  override async get(): Promise<Values> {
    const { name, help } = this.#config;
    const values = [...this.#series.values()].flatMap((series) => [...series.values(name)]);
    return { name, help, type: 'histogram', aggregator: 'sum', values } as unknown as Values;
  }

  /** What the registry asks for its text. */
  getForPromString(): Promise<Values> {
    return this.get();
  }
}
