import type { InvoiceLine } from './invoice.js';

type Amounts = Pick<InvoiceLine, 'calls' | 'inputTokens' | 'outputTokens' | 'costNanoUsd'>;

const NOTHING: Amounts = { calls: 0, inputTokens: 0, outputTokens: 0, costNanoUsd: 0 };

const keyOf = (line: InvoiceLine): string => JSON.stringify([line.month, line.agentId, line.model]);

const add = (a: Amounts, b: Amounts, sign: 1 | -1): Amounts => ({
  calls: a.calls + sign * b.calls,
  inputTokens: a.inputTokens + sign * b.inputTokens,
  outputTokens: a.outputTokens + sign * b.outputTokens,
  costNanoUsd: a.costNanoUsd + sign * b.costNanoUsd,
});

/** What must be added to `billed`, lines of any kind, to come to `actual`: adjustments by month, agent and model; none where nothing differs. */
export function lineDifference(
  actual: readonly InvoiceLine[],
  billed: readonly InvoiceLine[],
): InvoiceLine[] {
  const byKey = new Map<string, InvoiceLine>();
  const collect = (lines: readonly InvoiceLine[], sign: 1 | -1): void => {
    for (const line of lines) {
      const known = byKey.get(keyOf(line)) ?? { ...line, ...NOTHING, kind: 'adjustment', reasons: [] };
      byKey.set(keyOf(line), { ...known, ...add(known, line, sign) });
    }
  };
  collect(actual, 1);
  collect(billed, -1);
  return [...byKey]
    .filter(([, { calls, inputTokens, outputTokens, costNanoUsd }]) =>
      [calls, inputTokens, outputTokens, costNanoUsd].some((amount) => amount !== 0),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, line]) => line);
}
