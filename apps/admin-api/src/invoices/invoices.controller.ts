import { Controller } from '@nestjs/common';
import { BASE_PATH, formatAmount, formatTime, invoiceOperations } from '@tollgate/admin-contract';
import { systemClock } from '@tollgate/domain';
import {
  INVOICE_CSP,
  Invoices,
  invoiceToCsv,
  invoiceToHtml,
  invoiceToJson,
  type Invoice,
} from '@tollgate/stores';
import { Pool, type PoolClient } from 'pg';
import { Changes } from '../change/changes.js';
import { answerOf, type Answer, type StreamedAnswer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { readCursor, refuseCursor, toPage } from '../page/cursor.js';
import { listClosedInvoices, type ClosedInvoiceSummary } from './closed-invoice-list.js';

const operations = invoiceOperations;
const clock = systemClock;

function format(invoice: ClosedInvoiceSummary): object {
  return {
    tenant_id: invoice.tenantId,
    month: invoice.month,
    status: 'closed',
    closed_at: formatTime(invoice.closedAtMs),
    closed_by: invoice.closedBy,
    content_sha256: invoice.contentSha256,
    ...formatAmount('total', invoice.totalNanoUsd),
  };
}

function readPlace(cursor: string | undefined): readonly [string, string] | undefined {
  const place = readCursor(cursor);
  if (place === undefined) return undefined;
  const [month = '', tenantId] = place.split('/');
  if (tenantId === undefined) throw refuseCursor();
  return [month, tenantId];
}

/** Tenants' invoices. */
@Controller(BASE_PATH)
export class InvoicesController {
  constructor(
    private readonly pool: Pool,
    private readonly changes: Changes,
  ) {}

  @Serves(operations.list)
  async list(@Call() { query }: CallOf<typeof operations.list>): Promise<Answer> {
    const invoices = await listClosedInvoices(this.pool, {
      tenantId: query.tenant_id,
      month: query.month,
      after: readPlace(query.cursor),
      limit: query.limit + 1,
    });
    return answerOf(toPage(invoices, query.limit, ({ month, tenantId }) => `${month}/${tenantId}`, format));
  }

  @Serves(operations.read)
  async read(@Call() { params }: CallOf<typeof operations.read>): Promise<Answer> {
    return answerOf(invoiceToJson(await this.#get(params)));
  }

  @Serves(operations.render)
  async render(@Call() { params, query }: CallOf<typeof operations.render>): Promise<StreamedAnswer> {
    const invoice = await this.#get(params);
    const name = `invoice-${params.tenant_id}-${params.month}`;
    return query.format === 'html'
      ? {
          chunks: chunkOf(invoiceToHtml(invoice)),
          contentType: 'text/html; charset=utf-8',
          headers: { 'content-security-policy': INVOICE_CSP, 'referrer-policy': 'no-referrer' },
        }
      : {
          chunks: chunkOf(invoiceToCsv(invoice)),
          contentType: 'text/csv; charset=utf-8; header=present',
          headers: { 'content-disposition': `attachment; filename="${name}.csv"` },
        };
  }

  @Serves(operations.close)
  close(@Call() call: CallOf<typeof operations.close>): Promise<Answer> {
    const { month, tenant_id: tenantId = null } = call.body;
    return this.changes.make(call, async (client) => {
      const closed = await closeMonth(client, { month, tenantId, actor: call.operator.id });
      const body = { data: closed.map(format) };
      return {
        body,
        audit: {
          action: 'invoices.close',
          targetType: 'invoices',
          targetId: month,
          tenantId: tenantId ?? undefined,
          before: undefined,
          after: { closed: body.data },
        },
      };
    });
  }

  #get({ tenant_id: tenantId, month }: CallOf<typeof operations.read>['params']): Promise<Invoice> {
    return new Invoices({ pool: this.pool, clock }).getInvoice({ tenantId, month });
  }
}

async function closeMonth(
  client: PoolClient,
  { tenantId, ...closing }: { month: string; tenantId: string | null; actor: string },
): Promise<ClosedInvoiceSummary[]> {
  const invoices = new Invoices({ pool: client, clock });
  const found: Invoice[] = [];
  if (tenantId !== null) found.push(await invoices.close({ ...closing, tenantId }));
  else for await (const invoice of invoices.closeAll(closing)) found.push(invoice);
  return found.flatMap((invoice) => (invoice.status === 'closed' ? [invoice] : []));
}

async function* chunkOf(text: string): AsyncGenerator<string, void, undefined> {
  yield text;
}
