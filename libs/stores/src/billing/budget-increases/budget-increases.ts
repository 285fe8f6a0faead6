import pg, { type Pool, type PoolClient } from 'pg';
import { z } from 'zod';
import { effectiveBudget, uuidV7, type Clock } from '@tollgate/domain';
import { BillingError } from '../billing-error.js';
import { name, pageLimit } from '../input-shapes.js';
import { parseInput } from '../parse-input.js';
import { toSafeInteger } from '../safe-integer.js';
import { effectiveQuery, increaseDraft, type BudgetIncrease, type IncreaseDraft } from './budget-increase.js';

type Row = Readonly<Record<string, unknown>>;

const FOREIGN_KEY_VIOLATION = '23503';
const pageDraft = z.strictObject({ tenantId: name, limit: pageLimit, after: z.uuid().optional() });
const id = z.uuid();

const timeOf = (value: unknown): number => (value as Date).getTime();

function toIncrease(row: Row): BudgetIncrease {
  return {
    id: String(row['id']),
    tenantId: String(row['tenant_id']),
    scope: String(row['scope']),
    amountNanoUsd: toSafeInteger(row['amount_nano_usd']),
    startsAtMs: timeOf(row['starts_at']),
    endsAtMs: timeOf(row['ends_at']),
    reason: String(row['reason']),
    actor: String(row['actor']),
    createdAtMs: timeOf(row['created_at']),
    cancelledAtMs: row['cancelled_at'] === null ? undefined : timeOf(row['cancelled_at']),
  };
}

/**
 * Budgets that are higher for a while. DatabaseTenantSource has them in its limits; gateways notice within a second that one
 * is granted, starts, ends or is taken back.
 */
export class BudgetIncreases {
  constructor(private readonly options: { readonly pool: Pool | PoolClient; readonly clock: Clock }) {}

  /** @throws BillingError `invalid_input` (also for an end that has passed), `tenant_not_found` */
  async grant(input: IncreaseDraft): Promise<BudgetIncrease> {
    const draft = parseInput(increaseDraft, input);
    const nowMs = this.options.clock.now();
    if (draft.endsAtMs <= nowMs)
      throw new BillingError('invalid_input', 'endsAtMs: It has passed.', 'endsAtMs');
    try {
      const { rows } = await this.options.pool.query<Row>(
        `INSERT INTO budget_increases (id, tenant_id, scope, amount_nano_usd, starts_at, ends_at, reason, actor, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *`,
        [
          uuidV7(nowMs),
          draft.tenantId,
          draft.scope,
          draft.amountNanoUsd,
          new Date(draft.startsAtMs ?? nowMs),
          new Date(draft.endsAtMs),
          draft.reason,
          draft.actor,
          new Date(nowMs),
        ],
      );
      if (!rows[0]) throw new Error('the insert returned no row');
      return toIncrease(rows[0]);
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === FOREIGN_KEY_VIOLATION)
        throw new BillingError('tenant_not_found', 'There is no tenant with this id.', 'tenantId', {
          cause: error,
        });
      throw error;
    }
  }

  /**
   * Takes an increase back; one that was taken back before keeps the time at which it was.
   * @throws BillingError `invalid_input`, `increase_not_found`
   */
  async cancel(increaseId: string): Promise<BudgetIncrease> {
    const { rows } = await this.options.pool.query<Row>(
      'UPDATE budget_increases SET cancelled_at = coalesce(cancelled_at, $2) WHERE id = $1 RETURNING *',
      [parseInput(id, increaseId), new Date(this.options.clock.now())],
    );
    if (!rows[0]) throw new BillingError('increase_not_found', 'There is no increase with this id.');
    return toIncrease(rows[0]);
  }

  /** A tenant's increases, oldest first, those that are over too; `nextAfter` is the `after` of the next page. */
  async list(
    input: z.input<typeof pageDraft>,
  ): Promise<{ readonly items: readonly BudgetIncrease[]; readonly nextAfter: string | undefined }> {
    const { tenantId, limit, after } = parseInput(pageDraft, input);
    const { rows } = await this.options.pool.query<Row>(
      `SELECT * FROM budget_increases WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
      [tenantId, after ?? null, limit + 1],
    );
    const items = rows.slice(0, limit).map(toIncrease);
    return { items, nextAfter: rows.length > limit ? items.at(-1)?.id : undefined };
  }

  /**
   * The budget in force at an instant, in nano-USD: without increases it is `budgetNanoUsd`; undefined stays undefined, no limit.
   * @throws BillingError `invalid_input`
   */
  async readEffective(input: z.input<typeof effectiveQuery>): Promise<number | undefined> {
    const { tenantId, scope, atMs, budgetNanoUsd } = parseInput(effectiveQuery, input);
    const { rows } = await this.options.pool.query<{ increase_nano_usd: string }>(
      'SELECT increase_nano_usd FROM tollgate_budget_increases($1) WHERE tenant_id = $2 AND scope = $3',
      [new Date(atMs), tenantId, scope],
    );
    return effectiveBudget(
      budgetNanoUsd,
      rows.map((row) => toSafeInteger(row.increase_nano_usd)),
    );
  }
}
