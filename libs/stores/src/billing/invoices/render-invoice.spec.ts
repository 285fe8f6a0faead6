import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Invoice } from './invoice.js';
import { INVOICE_CSP, invoiceToCsv, invoiceToHtml, invoiceToJson } from './render-invoice.js';

const amounts = { calls: 2, inputTokens: 30, outputTokens: 4 };
const invoice: Invoice = {
  status: 'closed',
  tenantId: 'acme',
  month: '2026-11',
  closedAtMs: Date.UTC(2026, 11, 3),
  closedBy: 'Ada & Co',
  contentSha256: 'ab'.repeat(32),
  totalNanoUsd: 1_499_999_995,
  lines: [
    {
      kind: 'usage',
      month: '2026-11',
      agentId: null,
      model: '<script>alert(1)</script>',
      ...amounts,
      costNanoUsd: 1_500_000_000,
      reasons: [],
    },
    {
      kind: 'adjustment',
      month: '2026-10',
      agentId: '=1+1',
      model: 'm',
      ...amounts,
      calls: -1,
      costNanoUsd: -5,
      reasons: ['"proof", page 2'],
    },
  ],
};

describe('an invoice', () => {
  it('is CSV with exact numbers and without formulas', () => {
    expect(invoiceToCsv(invoice)).toBe(
      'kind,month,agent,model,calls,input_tokens,output_tokens,cost_nano_usd,cost_usd,reasons\r\n' +
        'usage,2026-11,,<script>alert(1)</script>,2,30,4,1500000000,1.5,\r\n' +
        `adjustment,2026-10,"'=1+1",m,-1,30,4,-5,-0.000000005,"""proof"", page 2"\r\n`,
    );
  });

  it('is JSON in snake case', () => {
    const line = { calls: 2, input_tokens: 30, output_tokens: 4 };
    expect(invoiceToJson(invoice)).toEqual({
      tenant_id: 'acme',
      month: '2026-11',
      status: 'closed',
      closed_at: '2026-12-03T00:00:00.000Z',
      closed_by: 'Ada & Co',
      content_sha256: 'ab'.repeat(32),
      currency: 'USD',
      total_nano_usd: 1_499_999_995,
      total_usd: '1.499999995',
      lines: [
        {
          kind: 'usage',
          month: '2026-11',
          agent_id: null,
          model: '<script>alert(1)</script>',
          ...line,
          cost_nano_usd: 1_500_000_000,
          cost_usd: '1.5',
          reasons: [],
        },
        {
          kind: 'adjustment',
          month: '2026-10',
          agent_id: '=1+1',
          model: 'm',
          ...line,
          calls: -1,
          cost_nano_usd: -5,
          cost_usd: '-0.000000005',
          reasons: ['"proof", page 2'],
        },
      ],
    });
  });

  it('is a page on which nothing runs and nothing is loaded', () => {
    const html = invoiceToHtml(invoice);
    expect(html).toContain('<td>&#60;script&#62;alert(1)&#60;/script&#62;</td>');
    expect(html).toContain('<td>&#34;proof&#34;, page 2</td>');
    expect(html).toContain('by Ada &#38; Co.');
    expect(html).toContain('<td class="n">1.499999995</td>');
    expect(html).not.toMatch(/<script|style=|src=|href=|url\(|@import| on\w+=/);
  });

  it('names the hash of its style in its policy', () => {
    const style = /<style>([^]*)<\/style>/.exec(invoiceToHtml(invoice))?.[1] ?? '';
    expect(INVOICE_CSP).toContain(
      `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    );
    expect(INVOICE_CSP).toMatch(/^default-src 'none';/);
  });

  it('says that a draft is one', () => {
    const { tenantId, month, lines, totalNanoUsd } = invoice;
    const draft: Invoice = { status: 'draft', tenantId, month, lines, totalNanoUsd };
    expect(invoiceToHtml(draft)).toContain('<h1>Invoice acme, 2026-11 (draft)</h1>');
    expect(invoiceToJson(draft)).toMatchObject({ closed_at: null, closed_by: null, content_sha256: null });
  });
});
