import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { monthEndMs, type Clock } from '@tollgate/domain';
import { inTransaction } from '../../archive-index/transaction.js';
import { BillingError } from '../billing-error.js';
import { actor, month, name } from '../input-shapes.js';
import { parseInput } from '../parse-input.js';
import { insertClosedInvoice, readClosedInvoices, type ClosedInvoice } from './closed-invoices.js';
import { draftInvoice, readVersions, type InvoiceDraft } from './invoice-draft.js';
import type { Invoice } from './invoice.js';

const HOUR_MS = 3_600_000;

/**
 * How long after its end a month may be closed at the earliest. A call is billed in the month that it began in; it ends, or is
 * presumed, within REQUEST_TIMEOUT_SECONDS + HOLD_GRACE_SECONDS, 25 hours at the very most, and its event waits for Postgres
 * as long as that is down. What comes later still becomes an adjustment on the next invoice.
 */
export const CLOSE_GRACE_MS = 48 * HOUR_MS;

const invoiceKey = z.strictObject({ tenantId: name, month });
const closing = invoiceKey.extend({ actor });
const closingOfAll = z.strictObject({ month, actor });

/** Which invoice: a tenant's of a month such as 2026-11. */
export type InvoiceKey = z.input<typeof invoiceKey>;

/** What invoices need. */
export interface InvoicesOptions {
  /** Or the connection of a transaction, which it then takes part in. */
  readonly pool: Pool | PoolClient;
  readonly clock: Clock;
  /** Default CLOSE_GRACE_MS; only ever longer. */
  readonly graceMs?: number;
}

/**
 * Tenants' invoices by month. A draft is computed whenever it is read, and closing writes it down for ever. The sum of a
 * tenant's closed invoices and the drafts of the months after them is the sum of its ledger, whatever is corrected or comes
 * late.
 */
export class Invoices {
  constructor(private readonly options: InvoicesOptions) {}

  /**
   * The closed invoice, or else its draft at this moment.
   * @throws BillingError `invalid_input`, `later_month_closed` when there is no such invoice and will be none
   */
  async getInvoice(input: InvoiceKey): Promise<Invoice> {
    const key = parseInput(invoiceKey, input);
    const { pool } = this.options;
    const closed = await readClosedInvoices(pool, key.tenantId);
    const found = findClosed(closed, key.month);
    return found?.invoice ?? { ...(await this.#draft(pool, key, closed)).content, status: 'draft' };
  }

  /** A tenant's closed invoices, oldest first. */
  async listClosed(tenantId: string): Promise<Invoice[]> {
    const closed = await readClosedInvoices(this.options.pool, parseInput(name, tenantId));
    return closed.map(({ invoice }) => invoice);
  }

  /**
   * Closes a tenant's month. To close it again changes nothing, whoever does it at the same time.
   * @throws BillingError `invalid_input`, `month_not_over`, `within_grace`, `earlier_month_open`, `later_month_closed`
   */
  async close(input: InvoiceKey & { readonly actor: string }): Promise<Invoice> {
    const { actor: by, ...key } = parseInput(closing, input);
    this.#requireOver(key.month);
    return inTransaction(this.options.pool, async (client) => {
      await client.query("SELECT pg_advisory_xact_lock(hashtext('tollgate_invoices'), hashtext($1))", [
        key.tenantId,
      ]);
      const closed = await readClosedInvoices(client, key.tenantId);
      const found = findClosed(closed, key.month);
      if (found) return { isCommitted: true, result: found.invoice };
      const draft = await this.#draft(client, key, closed, true);
      const done = await insertClosedInvoice(client, draft.content, draft.ledgerVersions, {
        atMs: this.options.clock.now(),
        by,
      });
      return { isCommitted: true, result: done.invoice };
    });
  }

  /**
   * Closes every tenant's open months up to this one, oldest first, where there is something to bill or to adjust, and yields
   * the invoices that are closed then. It may be left and begun again.
   * @throws BillingError `invalid_input`, `month_not_over`, `within_grace`
   */
  async *closeAll(input: z.input<typeof closingOfAll>): AsyncGenerator<Invoice, void, undefined> {
    const { month: upTo, actor: by } = parseInput(closingOfAll, input);
    this.#requireOver(upTo);
    const { rows } = await this.options.pool.query<{ tenant_id: string }>(
      `SELECT DISTINCT tenant_id FROM budget_totals WHERE scope = 't' AND "window" <= $1 ORDER BY 1`,
      [upTo],
    );
    for (const { tenant_id: tenantId } of rows)
      for (const open of await this.#listOpenMonths(tenantId, upTo))
        yield await this.close({ tenantId, month: open, actor: by });
  }

  async #listOpenMonths(tenantId: string, upTo: string): Promise<string[]> {
    const { pool } = this.options;
    const versions = await readVersions(pool, tenantId, upTo);
    const closed = await readClosedInvoices(pool, tenantId);
    const lastClosed = closed.at(-1)?.invoice.month ?? '';
    const open = [...versions.keys()].filter((each) => each > lastClosed);
    if (open.length > 0 || lastClosed >= upTo) return open;
    const { content } = await draftInvoice(pool, { tenantId, month: upTo }, closed, versions);
    return content.lines.length > 0 ? [upTo] : [];
  }

  async #draft(
    client: Pool | PoolClient,
    key: { readonly tenantId: string; readonly month: string },
    closed: readonly ClosedInvoice[],
    isToBeClosed = false,
  ): Promise<InvoiceDraft> {
    const versions = await readVersions(client, key.tenantId, key.month);
    const lastClosed = closed.at(-1)?.invoice.month ?? '';
    if (isToBeClosed && [...versions.keys()].some((other) => other > lastClosed && other < key.month))
      throw new BillingError(
        'earlier_month_open',
        'A month before it has usage and is not closed. Close that first.',
        'month',
      );
    return draftInvoice(client, key, closed, versions);
  }

  #requireOver(ofMonth: string): void {
    const sinceMs = this.options.clock.now() - monthEndMs(ofMonth);
    if (sinceMs < 0) throw new BillingError('month_not_over', 'The month is not over.', 'month');
    if (sinceMs < Math.max(CLOSE_GRACE_MS, this.options.graceMs ?? 0))
      throw new BillingError('within_grace', 'Calls of the month may still end. Close it later.', 'month');
  }
}

function findClosed(closed: readonly ClosedInvoice[], ofMonth: string): ClosedInvoice | undefined {
  const found = closed.find(({ invoice }) => invoice.month === ofMonth);
  if (!found && closed.some(({ invoice }) => invoice.month > ofMonth))
    throw new BillingError(
      'later_month_closed',
      'The month had no usage when a later one was closed. What came since is an adjustment there or on the next invoice.',
      'month',
    );
  return found;
}
