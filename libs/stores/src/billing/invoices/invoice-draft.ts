import type { Pool, PoolClient } from 'pg';
import { toSafeInteger } from '../safe-integer.js';
import type { ClosedInvoice } from './closed-invoices.js';
import { sumOf, type InvoiceContent, type InvoiceLine } from './invoice.js';
import { lineDifference } from './line-difference.js';
import { readMonthLines } from './month-lines.js';

const MAX_REASONS = 20;

/** What an invoice would say, and the versions of the months' totals that it would account for. */
export interface InvoiceDraft {
  readonly content: InvoiceContent;
  readonly ledgerVersions: Readonly<Record<string, number>>;
}

/** The versions of a tenant's monthly totals, by month, up to a month. */
export async function readVersions(
  client: Pool | PoolClient,
  tenantId: string,
  upToMonth: string,
): Promise<Map<string, number>> {
  const { rows } = await client.query<{ window: string; version: string }>(
    `SELECT "window", version FROM budget_totals WHERE tenant_id = $1 AND scope = 't' AND "window" <= $2 ORDER BY 1`,
    [tenantId, upToMonth],
  );
  return new Map(rows.map((row) => [row.window, toSafeInteger(row.version)]));
}

async function addReasons(
  client: Pool | PoolClient,
  tenantId: string,
  lines: readonly InvoiceLine[],
  sinceMs: number,
): Promise<InvoiceLine[]> {
  if (lines.length === 0) return [];
  const { rows } = await client.query<{
    month: string;
    agent_id: string | null;
    model: string;
    reasons: string[];
  }>(
    `SELECT month, agent_id, model, (array_agg(DISTINCT reason))[1:${MAX_REASONS}] AS reasons FROM usage_corrections
     WHERE tenant_id = $1 AND month = ANY ($2) AND corrected_at >= $3 GROUP BY 1, 2, 3`,
    [tenantId, [...new Set(lines.map((line) => line.month))], new Date(sinceMs)],
  );
  return lines.map((line) => {
    const found = rows.find(
      (row) => row.month === line.month && row.agent_id === line.agentId && row.model === line.model,
    );
    return found ? { ...line, reasons: found.reasons } : line;
  });
}

/** What has changed in the months that the closed invoices cover, since they were closed. */
async function readAdjustments(
  client: Pool | PoolClient,
  tenantId: string,
  closed: readonly ClosedInvoice[],
  changedMonths: readonly string[],
): Promise<InvoiceLine[]> {
  const billed = closed.flatMap(({ invoice }) => invoice.lines);
  const differences: InvoiceLine[] = [];
  for (const month of changedMonths) {
    const actual = await readMonthLines(client, tenantId, month);
    differences.push(
      ...lineDifference(
        actual,
        billed.filter((line) => line.month === month),
      ),
    );
  }
  return addReasons(client, tenantId, differences, closed.at(-1)?.invoice.closedAtMs ?? 0);
}

/**
 * Drafts a tenant's invoice of a month after its last closed one. What changed in earlier months stands on the first draft
 * that has any usage before it; `versions` are those of the tenant's months, read before, so that whatever is committed
 * meanwhile is found by the next invoice.
 */
export async function draftInvoice(
  client: Pool | PoolClient,
  of: { readonly tenantId: string; readonly month: string },
  closed: readonly ClosedInvoice[],
  versions: ReadonlyMap<string, number>,
): Promise<InvoiceDraft> {
  const { tenantId, month } = of;
  const lastClosed = closed.at(-1)?.invoice.month ?? '';
  const isNext = ![...versions.keys()].some((other) => other > lastClosed && other < month);
  const known = new Map(closed.flatMap(({ ledgerVersions }) => Object.entries(ledgerVersions)));
  const changed = [...versions].filter(
    ([other, version]) => isNext && other <= lastClosed && known.get(other) !== version,
  );
  const adjustments = await readAdjustments(
    client,
    tenantId,
    closed,
    changed.map(([other]) => other),
  );
  const lines = [...(await readMonthLines(client, tenantId, month)), ...adjustments];
  return {
    content: { tenantId, month, lines, totalNanoUsd: sumOf(lines) },
    ledgerVersions: { ...Object.fromEntries(changed), [month]: versions.get(month) ?? 0 },
  };
}
