import { beforeEach, describe, expect, it } from '@jest/globals';
import { NO_TOKENS } from '@tollgate/domain';
import { CallMeter, type MeteredCall } from './call-meter.js';
import { METRICS, type MetricDefinition } from './catalogue.js';
import { GatewayMetrics } from './gateway-metrics.js';

const CALL: MeteredCall = {
  modelProvider: 'openai',
  model: 'gpt-4o-mini',
  tenantId: 'acme',
  agentId: 'planner',
  status: 'completed',
  usage: { ...NO_TOKENS, inputTokens: 100, cachedInputTokens: 40, cacheWriteTokens: 10, outputTokens: 20 },
  costNanoUsd: 5_000_000,
  durationMs: 300,
  firstTokenMs: null,
  overheadMs: 0.7,
};

describe('CallMeter', () => {
  let metrics: GatewayMetrics;
  let meter: CallMeter;
  beforeEach(() => {
    metrics = new GatewayMetrics();
    meter = new CallMeter(metrics);
  });

  /** The lines of one metric without its comments. */
  const linesOf = async (name: string): Promise<string[]> =>
    (await metrics.registry.getSingleMetricAsString(name))
      .split('\n')
      .filter((line) => !line.startsWith('#'));

  it('adds calls up by model, tenant and agent', async () => {
    meter.record(CALL);
    meter.record({ ...CALL, status: 'aborted', costNanoUsd: 10_000_000 });
    meter.record({ ...CALL, agentId: 'other', usage: NO_TOKENS, costNanoUsd: 0, status: 'failed' });
    const planner = 'provider="openai",model="gpt-4o-mini",tenant_id="acme",agent_id="planner"';
    const other = 'provider="openai",model="gpt-4o-mini",tenant_id="acme",agent_id="other"';
    expect(await metrics.registry.getSingleMetricAsString('nova_llm_tokens_total')).toBe(
      [
        '# HELP nova_llm_tokens_total Tokens, by kind: input, cached_input, cache_write, output.',
        '# TYPE nova_llm_tokens_total counter',
        `nova_llm_tokens_total{${planner},token_type="input"} 200`,
        `nova_llm_tokens_total{${planner},token_type="cached_input"} 80`,
        `nova_llm_tokens_total{${planner},token_type="cache_write"} 20`,
        `nova_llm_tokens_total{${planner},token_type="output"} 40`,
        `nova_llm_tokens_total{${other},token_type="input"} 0`,
        `nova_llm_tokens_total{${other},token_type="cached_input"} 0`,
        `nova_llm_tokens_total{${other},token_type="cache_write"} 0`,
        `nova_llm_tokens_total{${other},token_type="output"} 0`,
      ].join('\n'),
    );
    expect(await linesOf('nova_llm_cost_cents_total')).toEqual([
      `nova_llm_cost_cents_total{${planner}} 1.5`,
      `nova_llm_cost_cents_total{${other}} 0`,
    ]);
    expect(await linesOf('nova_llm_invocations_total')).toEqual([
      `nova_llm_invocations_total{${planner},status="completed"} 1`,
      `nova_llm_invocations_total{${planner},status="aborted"} 1`,
      `nova_llm_invocations_total{${other},status="failed"} 1`,
    ]);
  });

  it('says the same at every scrape', async () => {
    meter.record(CALL);
    const first = await metrics.registry.metrics();
    expect(await metrics.registry.metrics()).toBe(first);
    meter.record(CALL);
    expect(await linesOf('nova_llm_cost_cents_total')).toEqual([expect.stringMatching(/ 1$/)]);
  });

  it('observes durations in seconds, and the first token of streams only', async () => {
    meter.record(CALL);
    meter.record({ ...CALL, durationMs: 2000, firstTokenMs: 90, overheadMs: undefined });
    const tenant = 'provider="openai",model="gpt-4o-mini",tenant_id="acme"';
    const durations = await linesOf('nova_llm_duration_seconds');
    expect(durations).toContain(`nova_llm_duration_seconds_bucket{le="0.25",${tenant}} 0`);
    expect(durations).toContain(`nova_llm_duration_seconds_bucket{le="0.5",${tenant}} 1`);
    expect(durations).toContain(`nova_llm_duration_seconds_bucket{le="+Inf",${tenant}} 2`);
    expect(durations).toContain(`nova_llm_duration_seconds_sum{${tenant}} 2.3`);
    expect(durations).toContain(`nova_llm_duration_seconds_count{${tenant}} 2`);
    const firstTokens = await linesOf('tollgate_first_token_seconds');
    const model = 'provider="openai",model="gpt-4o-mini"';
    expect(firstTokens).toContain(`tollgate_first_token_seconds_bucket{le="0.1",${model}} 1`);
    expect(firstTokens).toContain(`tollgate_first_token_seconds_count{${model}} 1`);
    const overhead = await linesOf('tollgate_overhead_seconds');
    expect(overhead).toContain('tollgate_overhead_seconds_bucket{le="0.0005"} 0');
    expect(overhead).toContain('tollgate_overhead_seconds_bucket{le="0.001"} 1');
    expect(overhead).toContain('tollgate_overhead_seconds_count 1');
  });

  it('puts tenants beyond 10,000 label sets together, and loses none of their calls', async () => {
    for (let tenant = 0; tenant < 10_050; tenant += 1) meter.record({ ...CALL, tenantId: `t${tenant}` });
    meter.record({ ...CALL, tenantId: 't7' });
    meter.record({ ...CALL, tenantId: 't10049' });
    const lines = await linesOf('nova_llm_invocations_total');
    expect(lines).toHaveLength(10_001);
    const calls = (tenantId: string, agentId: string): unknown =>
      lines
        .find((line) => line.includes(`tenant_id="${tenantId}",agent_id="${agentId}"`))
        ?.split(' ')
        .at(-1);
    expect([calls('t7', 'planner'), calls('t9999', 'planner'), calls('t10000', 'planner')]).toEqual([
      '2',
      '1',
      undefined,
    ]);
    expect(calls('other', 'other')).toBe('51');
  });
});

describe('the catalogue of metrics', () => {
  const entries = Object.entries<MetricDefinition>(METRICS);

  it.each(entries)('has all that its page needs for %s', (name, metric) => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(metric.help).toMatch(/^[A-Z].*\.$/);
    expect(name.endsWith('_total')).toBe(metric.type === 'counter');
    expect(metric.buckets !== undefined).toBe(metric.type === 'histogram');
    expect(metric.aggregator !== undefined).toBe(metric.type === 'gauge');
    expect(metric.buckets ?? []).toEqual([...(metric.buckets ?? [])].sort((a, b) => a - b));
    for (const label of metric.labels) expect(label).toMatch(/^[a-z]+(_[a-z]+)*$/);
  });

  it('can be registered as a whole, each metric with its labels', async () => {
    const metrics = new GatewayMetrics();
    for (const [name, { type }] of entries) metrics[type](name as keyof typeof METRICS);
    const text = await metrics.registry.metrics();
    for (const [name, { help, type }] of entries)
      expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`);
  });
});
