import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { METRICS, type MetricDefinition } from '@tollgate/metrics';

interface Panel {
  readonly title: string;
  readonly datasource: { readonly uid: string };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}
interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition: string }[] };
}

const path = join(import.meta.dirname, '../../../../docker/grafana/dashboards/tollgate.json');
const dashboard = JSON.parse(readFileSync(path, 'utf8')) as Dashboard;
const targets = dashboard.panels.flatMap(({ title, targets: all }) =>
  all.map((target) => ({ title, ...target })),
);

/** What a scrape shows: a histogram has its buckets, sum and count. */
const SERIES = new Map(
  Object.entries<MetricDefinition>(METRICS).flatMap(([name, { type, labels }]) =>
    type === 'histogram'
      ? ([
          [`${name}_bucket`, [...labels, 'le']],
          [`${name}_sum`, labels],
          [`${name}_count`, labels],
        ] as const)
      : ([[name, labels]] as const),
  ),
);
const FUNCTIONS = new Set([
  'sum',
  'min',
  'max',
  'rate',
  'increase',
  'histogram_quantile',
  'by',
  'label_values',
]);

/** The names that an expression reads, and the labels that it uses of each. */
function parseExpression(expr: string): { names: string[]; labels: string[] } {
  const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
  const matched = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/(\w+)\s*[=!]~?/g)].map(([, label = '']) => label),
  );
  const bare = expr.replace(/by \([^)]*\)|\{[^}]*\}|\[[^\]]*\]/g, ' ');
  const names = [...bare.matchAll(/\b[a-z_]\w*/g)]
    .map(([name]) => name)
    .filter((name) => !FUNCTIONS.has(name));
  return { names, labels: [...grouped, ...matched] };
}

describe("Grafana's dashboard", () => {
  it.each(targets)('reads what the gateway shows: $title, $expr', ({ expr, legendFormat }) => {
    const { names, labels } = parseExpression(expr);
    expect(names).toHaveLength(1);
    const known = SERIES.get(names[0] ?? '');
    expect(known).toBeDefined();
    const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
    expect([...labels, ...shown].filter((label) => !known?.includes(label))).toEqual([]);
  });

  it('takes rates of counters and of nothing else', () => {
    const rated = targets.flatMap(({ expr }) =>
      [...expr.matchAll(/(?:rate|increase)\((\w+)/g)].map(([, name = '']) => name),
    );
    const types = rated.map(
      (name) =>
        Object.entries<MetricDefinition>(METRICS).find(
          ([metric]) => name.replace(/_bucket$/, '') === metric,
        )?.[1].type,
    );
    expect(new Set(types)).toEqual(new Set(['counter', 'histogram']));
  });

  it('asks the provisioned source, and offers the tenants that there are', () => {
    expect(new Set(dashboard.panels.map(({ datasource }) => datasource.uid))).toEqual(
      new Set(['prometheus']),
    );
    const [tenant] = dashboard.templating.list;
    const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(tenant?.definition ?? '') ?? [];
    expect({ name: tenant?.name, hasLabel: SERIES.get(metric)?.includes(label) }).toEqual({
      name: 'tenant',
      hasLabel: true,
    });
  });
});
