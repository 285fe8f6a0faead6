import type { Queryable } from '@tollgate/database';

/** Which closed invoices are wanted. */
export interface ClosedInvoiceQuery {
  readonly tenantId: string | undefined;
  readonly month: string | undefined;
  /** Month and tenant of the last one before. */
  readonly after: readonly [month: string, tenantId: string] | undefined;
  readonly limit: number;
}

/** A closed invoice without its lines. */
export interface ClosedInvoiceSummary {
  readonly tenantId: string;
  readonly month: string;
  readonly totalNanoUsd: number;
  readonly contentSha256: string;
  readonly closedAtMs: number;
  readonly closedBy: string;
}

const LIST_SQL = `
  SELECT tenant_id, month, total_nano_usd, content_sha256, closed_at, closed_by FROM invoices
  WHERE ($1::text IS NULL OR tenant_id = $1) AND ($2::text IS NULL OR month = $2)
    AND ($3::text IS NULL OR month < $3 OR (month = $3 AND tenant_id > $4))
  ORDER BY month DESC, tenant_id LIMIT $5`;

/** Closed invoices of all tenants, the latest months first. */
export async function listClosedInvoices(
  client: Queryable,
  { tenantId, month, after, limit }: ClosedInvoiceQuery,
): Promise<ClosedInvoiceSummary[]> {
  const { rows } = await client.query<Record<string, unknown>>(LIST_SQL, [
    tenantId ?? null,
    month ?? null,
    after?.[0] ?? null,
    after?.[1] ?? null,
    limit,
  ]);
  return rows.map((row) => ({
    tenantId: String(row['tenant_id']),
    month: String(row['month']),
    totalNanoUsd: Number(row['total_nano_usd']),
    contentSha256: String(row['content_sha256']),
    closedAtMs: (row['closed_at'] as Date).getTime(),
    closedBy: String(row['closed_by']),
  }));
}
