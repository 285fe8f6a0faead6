import { settingFields } from '@tollgate/tenant-config';
import { z } from 'zod';
import { defineOperation } from '../operation.js';
import { plainText, time } from '../wire/members.js';
import { amountAnswer } from '../wire/money.js';
import { pageOf, pageQuery } from '../wire/page.js';

const tag = 'invoices';
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11');
const params = z.strictObject({ tenant_id: settingFields.tenantId, month });

const head = {
  tenant_id: z.string(),
  month: z.string(),
  status: z.enum(['draft', 'closed']),
  closed_at: time.nullable(),
  closed_by: z.string().nullable(),
  content_sha256: z.string().nullable(),
  ...amountAnswer('total'),
};

/** An invoice without its lines. */
export const invoiceSummaryAnswer = z.strictObject(head);

/** A tenant's invoice of a month. */
export const invoiceAnswer = z.strictObject({
  ...head,
  currency: z.literal('USD'),
  lines: z.array(
    z.strictObject({
      kind: z.enum(['usage', 'adjustment']).meta({
        description: 'An adjustment is what has changed in a month since its invoice was closed.',
      }),
      month: z.string(),
      agent_id: z.string().nullable(),
      model: z.string(),
      calls: z.int(),
      input_tokens: z.int(),
      output_tokens: z.int(),
      ...amountAnswer('cost'),
      reasons: z.array(z.string()),
    }),
  ),
});

/** Everything about invoices. */
export const invoiceOperations = {
  list: defineOperation({
    id: 'listInvoices',
    tag,
    summary: 'List closed invoices, the latest months first',
    method: 'GET',
    path: '/invoices',
    query: z.strictObject({
      ...pageQuery,
      tenant_id: plainText.optional(),
      month: month.optional(),
    }),
    answer: pageOf(invoiceSummaryAnswer),
  }),
  read: defineOperation({
    id: 'readInvoice',
    tag,
    summary: 'Read an invoice as it was closed, or as it would be closed at this moment',
    method: 'GET',
    path: '/invoices/:tenant_id/:month',
    params,
    answer: invoiceAnswer,
    errors: ['later_month_closed'],
  }),
  render: defineOperation({
    id: 'renderInvoice',
    tag,
    summary: 'Read an invoice as CSV, or as a page for printing',
    method: 'GET',
    path: '/invoices/:tenant_id/:month/render',
    params,
    query: z.strictObject({ format: z.enum(['csv', 'html']) }),
    answer: z.string(),
    media: ['text/csv', 'text/html'],
    errors: ['later_month_closed'],
  }),
  close: defineOperation({
    id: 'closeInvoices',
    tag,
    summary: 'Close a month for ever, of one tenant or of all',
    description:
      'With `tenant_id` null or absent: every open month up to it, of every tenant that has something to bill or to adjust. What was closed before stays as it is.',
    method: 'POST',
    path: '/invoices/close',
    role: 'admin',
    body: z.strictObject({ month, tenant_id: settingFields.tenantId.nullable().optional() }),
    answer: z.strictObject({ data: z.array(invoiceSummaryAnswer) }),
    errors: ['month_not_over', 'month_within_grace', 'earlier_month_open', 'later_month_closed'],
  }),
};
