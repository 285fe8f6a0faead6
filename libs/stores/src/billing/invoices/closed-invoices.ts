import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { Invoice, InvoiceContent } from './invoice.js';

type Row = Readonly<Record<string, unknown>>;

/** A closed invoice with the versions of the months' totals that it accounts for, by month. */
export interface ClosedInvoice {
  readonly invoice: Invoice & { readonly status: 'closed' };
  readonly ledgerVersions: Readonly<Record<string, number>>;
}

/** SHA-256 of an invoice's content as it is stored, lower-case hex. */
export const hashContent = (content: string): string => createHash('sha256').update(content).digest('hex');

function toClosed(row: Row): ClosedInvoice {
  const content = String(row['content']);
  const contentSha256 = String(row['content_sha256']);
  if (hashContent(content) !== contentSha256)
    throw new Error('a closed invoice is not what was closed: its hash differs');
  return {
    invoice: {
      ...(JSON.parse(content) as InvoiceContent),
      status: 'closed',
      closedAtMs: (row['closed_at'] as Date).getTime(),
      closedBy: String(row['closed_by']),
      contentSha256,
    },
    ledgerVersions: row['ledger_versions'] as Record<string, number>,
  };
}

/** A tenant's closed invoices, oldest first. Throws when one does not match its hash. */
export async function readClosedInvoices(
  client: Pool | PoolClient,
  tenantId: string,
): Promise<ClosedInvoice[]> {
  const { rows } = await client.query<Row>('SELECT * FROM invoices WHERE tenant_id = $1 ORDER BY month', [
    tenantId,
  ]);
  return rows.map(toClosed);
}

/** Writes a closed invoice; the table takes it once. */
export async function insertClosedInvoice(
  client: PoolClient,
  content: InvoiceContent,
  ledgerVersions: Readonly<Record<string, number>>,
  closed: { readonly atMs: number; readonly by: string },
): Promise<ClosedInvoice> {
  const text = JSON.stringify(content);
  const { rows } = await client.query<Row>(
    `INSERT INTO invoices (tenant_id, month, total_nano_usd, content, content_sha256, ledger_versions, closed_at, closed_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING *`,
    [
      content.tenantId,
      content.month,
      content.totalNanoUsd,
      text,
      hashContent(text),
      ledgerVersions,
      new Date(closed.atMs),
      closed.by,
    ],
  );
  if (!rows[0]) throw new Error('the insert returned no row');
  return toClosed(rows[0]);
}
