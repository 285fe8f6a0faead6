import { METRICS, type MetricDefinition } from '@tollgate/metrics';
import type { GeneratedPage } from './generated-page.js';
import { code, markdownTable } from './markdown-table.js';

const INTRODUCTION = `
# Metrics

\`GET /metrics\` has these, in the text format of Prometheus. Label values come from the registry only: \`provider\` is the
model provider, agents that are not registered share \`other\`, and beyond 10,000 sets of labels further tenants do.

The last column is how the processes of one machine add up to the one value that is shown.
`;

function row([name, { type, labels, help, aggregator, buckets }]: [string, MetricDefinition]): string[] {
  const bounds = buckets === undefined ? '' : ` Buckets: ${buckets.join(', ')}.`;
  return [code(name), type, labels.map(code).join(', '), help + bounds, aggregator ?? 'sum'];
}

function render(): string {
  const rows = Object.entries<MetricDefinition>(METRICS).map(row);
  return `${INTRODUCTION}\n${markdownTable(['Metric', 'Type', 'Labels', 'What it says', 'Aggregation'], rows)}`;
}

/** Every metric of the gateway. */
export const metricsPage: GeneratedPage = { path: 'docs/metrics.md', render };
