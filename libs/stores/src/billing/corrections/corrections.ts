import type { Pool, PoolClient } from 'pg';
import type { z } from 'zod';
import type { Clock } from '@tollgate/domain';
import { inTransaction } from '../../archive-index/transaction.js';
import { BillingError } from '../billing-error.js';
import { month, name } from '../input-shapes.js';
import { parseInput } from '../parse-input.js';
import { toSafeInteger } from '../safe-integer.js';
import {
  correctionDraft,
  TOKEN_FIELDS,
  type CorrectedPart,
  type Correction,
  type CorrectionDraft,
} from './correction.js';
import { CORRECT_SQL, LOCK_EVENT_SQL, RECORD_SQL } from './corrections.sql.js';

type Row = Readonly<Record<string, unknown>>;
type Draft = z.output<typeof correctionDraft>;

const MAX_LISTED = 1000;
const columnOf = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function presumedPart(row: Row): CorrectedPart {
  const tokens = TOKEN_FIELDS.map((field) => [field, toSafeInteger(row[columnOf(field)])] as const);
  return {
    status: String(row['status']),
    costNanoUsd: toSafeInteger(row['cost_nano_usd']),
    ...(Object.fromEntries(tokens) as Record<(typeof TOKEN_FIELDS)[number], number>),
  };
}

function correctedPart({ tokens, status, costNanoUsd }: Draft, presumed: CorrectedPart): CorrectedPart {
  return { ...presumed, ...tokens, status, costNanoUsd };
}

function toCorrection(row: Row): Correction {
  return {
    requestId: String(row['request_id']),
    attempt: Number(row['attempt']),
    tenantId: String(row['tenant_id']),
    month: String(row['month']),
    agentId: row['agent_id'] as string | null,
    model: String(row['model']),
    presumed: row['presumed'] as CorrectedPart,
    corrected: row['corrected'] as CorrectedPart,
    differenceNanoUsd: toSafeInteger(row['difference_nano_usd']),
    reason: String(row['reason']),
    actor: String(row['actor']),
    correctedAtMs: (row['corrected_at'] as Date).getTime(),
  };
}

const isSame = (a: CorrectedPart, b: CorrectedPart): boolean =>
  a.status === b.status &&
  a.costNanoUsd === b.costNanoUsd &&
  TOKEN_FIELDS.every((field) => a[field] === b[field]);

/** What was done when a correction was asked for. */
export interface CorrectionOutcome {
  readonly correction: Correction;
  /** False when the same correction had been made before, which then stands as it was. */
  readonly isNew: boolean;
}

/**
 * Corrects presumed events, whose real end nobody saw, by an operator's proof. Totals move in the same transaction, and with
 * them the budgets, as they do when the real event comes late. A closed invoice does not change: the next open one has the
 * difference.
 */
export class Corrections {
  constructor(private readonly options: { readonly pool: Pool | PoolClient; readonly clock: Clock }) {}

  /**
   * Corrects one event. To ask again for the same changes nothing.
   * @throws BillingError `invalid_input`, `event_not_found`, `not_presumed`, `already_corrected` (to something else)
   */
  async correct(input: CorrectionDraft): Promise<CorrectionOutcome> {
    const draft = parseInput(correctionDraft, input);
    return inTransaction(this.options.pool, async (client) => {
      const { rows } = await client.query<Row>(LOCK_EVENT_SQL, [draft.requestId, draft.attempt]);
      const event = rows[0];
      if (!event) throw new BillingError('event_not_found', 'The ledger has no such event.', 'requestId');
      const result =
        event['status'] === 'presumed'
          ? { correction: await this.#apply(client, draft, event), isNew: true }
          : { correction: await this.#findSame(client, draft), isNew: false };
      return { isCommitted: true, result };
    });
  }

  /** The corrections of a tenant's month, newest first, at most 1,000. */
  async listCorrections(tenantId: string, ofMonth: string): Promise<Correction[]> {
    const values = [parseInput(name, tenantId), parseInput(month, ofMonth)];
    const { rows } = await this.options.pool.query<Row>(
      `SELECT * FROM usage_corrections WHERE tenant_id = $1 AND month = $2 ORDER BY corrected_at DESC, request_id LIMIT ${MAX_LISTED}`,
      values,
    );
    return rows.map(toCorrection);
  }

  async #apply(client: PoolClient, draft: Draft, event: Row): Promise<Correction> {
    const presumed = presumedPart(event);
    const corrected = correctedPart(draft, presumed);
    await client.query(CORRECT_SQL, [
      draft.requestId,
      draft.attempt,
      corrected.status,
      draft.tokens !== undefined,
      corrected.costNanoUsd,
      ...TOKEN_FIELDS.map((field) => corrected[field]),
    ]);
    const { rows } = await client.query<Row>(RECORD_SQL, [
      draft.requestId,
      draft.attempt,
      event['tenant_id'],
      event['month'],
      event['agent_id'],
      event['model'],
      presumed,
      corrected,
      corrected.costNanoUsd - presumed.costNanoUsd,
      draft.reason,
      draft.actor,
      new Date(this.options.clock.now()),
    ]);
    if (!rows[0]) throw new Error('the insert returned no row');
    return toCorrection(rows[0]);
  }

  async #findSame(client: PoolClient, draft: Draft): Promise<Correction> {
    const { rows } = await client.query<Row>(
      'SELECT * FROM usage_corrections WHERE request_id = $1 AND attempt = $2',
      [draft.requestId, draft.attempt],
    );
    if (!rows[0])
      throw new BillingError('not_presumed', 'The end of this call was seen: there is nothing to correct.');
    const made = toCorrection(rows[0]);
    if (isSame(made.corrected, correctedPart(draft, made.presumed))) return made;
    throw new BillingError('already_corrected', 'The event was corrected to something else before.');
  }
}
