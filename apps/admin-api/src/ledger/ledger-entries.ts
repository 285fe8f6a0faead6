import type { Queryable } from '@tollgate/database';
import { BillingError, type CorrectedPart } from '@tollgate/stores';

/** A row of usage_events as Postgres answers it; bigints are text. */
export type EventRow = Readonly<Record<string, unknown>>;

/** A correction as it was written down. */
export interface CorrectionRow {
  readonly attempt: number;
  readonly presumed: CorrectedPart;
  readonly corrected: CorrectedPart;
  readonly difference_nano_usd: string;
  readonly reason: string;
  readonly actor: string;
  readonly corrected_at: Date;
}

/** All that the ledger has of a request. */
export interface LedgerEntry {
  readonly requestId: string;
  readonly tenantId: string;
  /** By attempt. */
  readonly events: readonly EventRow[];
  readonly corrections: readonly CorrectionRow[];
}

/**
 * Reads what the ledger has of a request.
 * @throws BillingError `event_not_found`
 */
export async function readLedgerEntry(client: Queryable, requestId: string): Promise<LedgerEntry> {
  const { rows: events } = await client.query<EventRow>(
    'SELECT * FROM usage_events WHERE request_id = $1 ORDER BY attempt',
    [requestId],
  );
  if (!events[0]) throw new BillingError('event_not_found', 'The ledger has no such call.', 'request_id');
  const { rows: corrections } = await client.query<CorrectionRow>(
    'SELECT * FROM usage_corrections WHERE request_id = $1 ORDER BY attempt',
    [requestId],
  );
  return { requestId, tenantId: String(events[0]['tenant_id']), events, corrections };
}
