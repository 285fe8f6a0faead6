import { NANO_PER_CENT, type TokenUsage } from '@tollgate/domain';
import type { Counter } from 'prom-client';
import type { GatewayMetrics } from './gateway-metrics.js';
import type { HistogramSeries, SeriesHistogram } from './series-histogram.js';

const MAX_SERIES = 10_000;
const OTHER = 'other';
const MS_PER_SECOND = 1000;

/** One finished call, as the metrics see it. */
export interface MeteredCall {
  readonly modelProvider: string;
  readonly model: string;
  readonly tenantId: string;
  /** A registered agent, or `other`. */
  readonly agentId: string;
  readonly status: string;
  readonly usage: TokenUsage;
  readonly costNanoUsd: number;
  readonly durationMs: number;
  readonly firstTokenMs: number | null;
  /** Undefined when the call never got as far as its upstream request. */
  readonly overheadMs: number | undefined;
}

interface Series {
  readonly labels: {
    readonly provider: string;
    readonly model: string;
    readonly tenant_id: string;
    readonly agent_id: string;
  };
  readonly durations: HistogramSeries;
  readonly firstTokens: HistogramSeries;
  readonly byStatus: Map<string, number>;
  input: number;
  cachedInput: number;
  cacheWrite: number;
  output: number;
  costNanoUsd: number;
}

/**
 * Counts calls by model, tenant and agent. Sums are kept as plain numbers beside the labels and reach prom-client
 * only at a scrape: it hashes all labels at every increment, which would cost more than the rest of a call's
 * accounting. Beyond 10,000 label sets, further tenants share `other`.
 */
export class CallMeter {
  readonly #series = new Map<string, Series>();
  readonly #durations: SeriesHistogram;
  readonly #firstTokens: SeriesHistogram;
  readonly #overhead: HistogramSeries;

  constructor(metrics: GatewayMetrics) {
    this.#durations = metrics.histogram('nova_llm_duration_seconds');
    this.#firstTokens = metrics.histogram('tollgate_first_token_seconds');
    this.#overhead = metrics.histogram('tollgate_overhead_seconds').seriesOf({});
    metrics.counter('nova_llm_tokens_total', (counter) => this.#collectTokens(counter));
    metrics.counter('nova_llm_cost_cents_total', (counter) =>
      this.#collect(counter, (series) => [[{}, series.costNanoUsd / NANO_PER_CENT]]),
    );
    metrics.counter('nova_llm_invocations_total', (counter) =>
      this.#collect(counter, (series) => [...series.byStatus].map(([status, calls]) => [{ status }, calls])),
    );
  }

  record(call: MeteredCall): void {
    const series = this.#seriesOf(call);
    series.byStatus.set(call.status, (series.byStatus.get(call.status) ?? 0) + 1);
    series.input += call.usage.inputTokens;
    series.cachedInput += call.usage.cachedInputTokens;
    series.cacheWrite += call.usage.cacheWriteTokens;
    series.output += call.usage.outputTokens;
    series.costNanoUsd += call.costNanoUsd;
    series.durations.observe(call.durationMs / MS_PER_SECOND);
    if (call.firstTokenMs !== null) series.firstTokens.observe(call.firstTokenMs / MS_PER_SECOND);
    if (call.overheadMs !== undefined) this.#overhead.observe(call.overheadMs / MS_PER_SECOND);
  }

  #seriesOf({ modelProvider, model, tenantId, agentId }: MeteredCall): Series {
    const key = `${tenantId} ${agentId} ${modelProvider} ${model}`;
    const known = this.#series.get(key);
    if (known) return known;
    const full = this.#series.size >= MAX_SERIES;
    const labels = {
      provider: modelProvider,
      model,
      tenant_id: full ? OTHER : tenantId,
      agent_id: full ? OTHER : agentId,
    };
    const otherKey = `${labels.tenant_id} ${labels.agent_id} ${modelProvider} ${model}`;
    const shared = full ? this.#series.get(otherKey) : undefined;
    if (shared) return shared;
    const series: Series = {
      labels,
      durations: this.#durations.seriesOf({ provider: modelProvider, model, tenant_id: labels.tenant_id }),
      firstTokens: this.#firstTokens.seriesOf({ provider: modelProvider, model }),
      byStatus: new Map(),
      input: 0,
      cachedInput: 0,
      cacheWrite: 0,
      output: 0,
      costNanoUsd: 0,
    };
    this.#series.set(otherKey, series);
    return series;
  }

  #collectTokens(counter: Counter): void {
    this.#collect(counter, (series) => [
      [{ token_type: 'input' }, series.input],
      [{ token_type: 'cached_input' }, series.cachedInput],
      [{ token_type: 'cache_write' }, series.cacheWrite],
      [{ token_type: 'output' }, series.output],
    ]);
  }

  #collect(
    counter: Counter,
    read: (series: Series) => [labels: Record<string, string>, value: number][],
  ): void {
    counter.reset();
    for (const series of this.#series.values()) {
      for (const [labels, value] of read(series)) counter.inc({ ...series.labels, ...labels }, value);
    }
  }
}
