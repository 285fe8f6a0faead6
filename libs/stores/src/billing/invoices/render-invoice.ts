import { createHash } from 'node:crypto';
import { formatUsd } from '@tollgate/domain';
import { csvLine, type Cell } from '../export/csv.js';
import type { Invoice, InvoiceLine } from './invoice.js';

const STYLE = `body{font:14px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:60rem;color:#111;background:#fff}
table{border-collapse:collapse;width:100%}th,td{padding:.35rem .6rem;border-bottom:1px solid #ccc;text-align:left;vertical-align:top}
.n{text-align:right;font-variant-numeric:tabular-nums}tfoot td{font-weight:600}footer{margin-top:2rem;color:#555;font-size:12px;word-break:break-all}
@media print{body{margin:0;max-width:none}thead{display:table-header-group}tr{break-inside:avoid}}`;

const HEADINGS = [
  'kind',
  'month',
  'agent',
  'model',
  'calls',
  'input_tokens',
  'output_tokens',
  'cost_nano_usd',
  'cost_usd',
  'reasons',
];
const NUMBERS = new Set(['calls', 'input_tokens', 'output_tokens', 'cost_nano_usd', 'cost_usd']);

/** The Content-Security-Policy that the HTML of an invoice is made for: its own style, and nothing else at all. */
export const INVOICE_CSP = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const textOf = (cell: Cell): string => (typeof cell === 'object' ? (cell?.exact ?? '–') : String(cell));

const cellsOf = (line: InvoiceLine): Cell[] => [
  line.kind,
  line.month,
  line.agentId,
  line.model,
  line.calls,
  line.inputTokens,
  line.outputTokens,
  line.costNanoUsd,
  { exact: formatUsd(line.costNanoUsd) },
  line.reasons.join('; '),
];

/** An invoice as CSV: a line of headings, then a line for each of its own; `cost_usd` is exact. */
export function invoiceToCsv(invoice: Invoice): string {
  const rows = invoice.lines.map((line) => csvLine(cellsOf(line)));
  return csvLine(HEADINGS) + rows.join('');
}

/** An invoice as an object for JSON: names in snake case, money in nano-USD and in decimal dollars, times RFC 3339. */
export function invoiceToJson(invoice: Invoice): object {
  return {
    tenant_id: invoice.tenantId,
    month: invoice.month,
    status: invoice.status,
    closed_at: invoice.status === 'closed' ? new Date(invoice.closedAtMs).toISOString() : null,
    closed_by: invoice.status === 'closed' ? invoice.closedBy : null,
    content_sha256: invoice.status === 'closed' ? invoice.contentSha256 : null,
    currency: 'USD',
    total_nano_usd: invoice.totalNanoUsd,
    total_usd: formatUsd(invoice.totalNanoUsd),
    lines: invoice.lines.map((line) => ({
      kind: line.kind,
      month: line.month,
      agent_id: line.agentId,
      model: line.model,
      calls: line.calls,
      input_tokens: line.inputTokens,
      output_tokens: line.outputTokens,
      cost_nano_usd: line.costNanoUsd,
      cost_usd: formatUsd(line.costNanoUsd),
      reasons: line.reasons,
    })),
  };
}

/** An invoice as a page for printing: no scripts, everything escaped, to be served with INVOICE_CSP. */
export function invoiceToHtml(invoice: Invoice): string {
  const tag = (name: 'th' | 'td', cell: Cell, heading: string | undefined): string =>
    `<${name}${NUMBERS.has(heading ?? '') ? ' class="n"' : ''}>${escapeHtml(textOf(cell))}</${name}>`;
  const row = (name: 'th' | 'td', cells: readonly Cell[]): string =>
    `<tr>${cells.map((cell, i) => tag(name, cell, HEADINGS[i])).join('')}</tr>`;
  const title = `${invoice.tenantId}, ${invoice.month}${invoice.status === 'draft' ? ' (draft)' : ''}`;
  const note =
    invoice.status === 'closed'
      ? `Closed ${new Date(invoice.closedAtMs).toISOString()} by ${invoice.closedBy}. SHA-256 ${invoice.contentSha256}`
      : 'A draft: it changes until the month is closed.';
  const total = ['Total', '', '', '', '', '', '', invoice.totalNanoUsd, formatUsd(invoice.totalNanoUsd), ''];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Invoice ${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><h1>Invoice ${escapeHtml(title)}</h1>
<table><thead>${row(
    'th',
    HEADINGS.map((heading) => heading.replaceAll('_', ' ')),
  )}</thead>
<tbody>${invoice.lines.map((line) => row('td', cellsOf(line))).join('\n')}</tbody>
<tfoot>${row('td', total)}</tfoot></table>
<footer>${escapeHtml(note)} Costs in US dollars, and in nano-dollars (1 = 0.000000001 $).</footer></body></html>
`;
}
