import { Controller } from '@nestjs/common';
import {
  BASE_PATH,
  formatAmount,
  formatTime,
  increaseOperations,
  readAmount,
} from '@tollgate/admin-contract';
import { systemClock } from '@tollgate/domain';
import { BillingError, BudgetIncreases, type BudgetIncrease } from '@tollgate/stores';
import { TenantEditor } from '@tollgate/tenant-config';
import { Pool } from 'pg';
import { Changes, type Change } from '../change/changes.js';
import { answerOf, type Answer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { pageOf, readUuidCursor } from '../page/cursor.js';

const operations = increaseOperations;
const clock = systemClock;

function scopeOf({ agent_id, key_id }: CallOf<typeof operations.create>['body']): string {
  if (typeof agent_id === 'string') return `a:${agent_id}`;
  return typeof key_id === 'string' ? `k:${key_id}` : 't';
}

function statusOf({ cancelledAtMs, startsAtMs, endsAtMs }: BudgetIncrease): string {
  const nowMs = clock.now();
  if (cancelledAtMs !== undefined) return 'cancelled';
  if (endsAtMs <= nowMs) return 'ended';
  return startsAtMs > nowMs ? 'scheduled' : 'active';
}

function format(increase: BudgetIncrease): Record<string, unknown> {
  const { id, tenantId, scope, reason, actor } = increase;
  return {
    id,
    tenant_id: tenantId,
    agent_id: scope.startsWith('a:') ? scope.slice(2) : null,
    key_id: scope.startsWith('k:') ? scope.slice(2) : null,
    ...formatAmount('amount', increase.amountNanoUsd),
    status: statusOf(increase),
    starts_at: formatTime(increase.startsAtMs),
    ends_at: formatTime(increase.endsAtMs),
    reason,
    created_by: actor,
    created_at: formatTime(increase.createdAtMs),
    cancelled_at: formatTime(increase.cancelledAtMs),
  };
}

function changeOf(action: string, increase: BudgetIncrease, before?: BudgetIncrease): Change {
  const body = format(increase);
  const target = { targetType: 'budget_increase', targetId: increase.id, tenantId: increase.tenantId };
  return { body, audit: { action, ...target, before: before && format(before), after: body } };
}

/** Budgets that are higher for a while. */
@Controller(BASE_PATH)
export class IncreasesController {
  constructor(
    private readonly pool: Pool,
    private readonly changes: Changes,
  ) {}

  @Serves(operations.list)
  async list(@Call() { params, query }: CallOf<typeof operations.list>): Promise<Answer> {
    const tenant = await new TenantEditor(this.pool).get(params.tenant_id);
    const after = readUuidCursor(query.cursor);
    const { items, nextAfter } = await new BudgetIncreases({ pool: this.pool, clock }).list({
      tenantId: tenant.id,
      limit: query.limit,
      ...(after === undefined ? {} : { after }),
    });
    return answerOf(pageOf(items, nextAfter, format));
  }

  @Serves(operations.create)
  create(@Call() call: CallOf<typeof operations.create>): Promise<Answer> {
    const { body, params } = call;
    return this.changes.make(call, async (client) => {
      const tenant = await new TenantEditor(client).get(params.tenant_id);
      const increase = await new BudgetIncreases({ pool: client, clock }).grant({
        tenantId: tenant.id,
        scope: scopeOf(body),
        amountNanoUsd: readAmount(body, 'amount') ?? 0,
        endsAtMs: Date.parse(body.ends_at),
        reason: body.reason,
        actor: call.operator.id,
        ...(typeof body.starts_at === 'string' ? { startsAtMs: Date.parse(body.starts_at) } : {}),
      });
      return changeOf('budget_increase.create', increase);
    });
  }

  @Serves(operations.cancel)
  cancel(@Call() call: CallOf<typeof operations.cancel>): Promise<Answer> {
    const { tenant_id: tenantId, increase_id: id } = call.params;
    return this.changes.make(call, async (client) => {
      const increase = await new BudgetIncreases({ pool: client, clock }).cancel(id);
      // Thrown, it takes the change back.
      if (increase.tenantId !== tenantId)
        throw new BillingError('increase_not_found', 'The tenant has no increase with this id.');
      return changeOf('budget_increase.cancel', increase, { ...increase, cancelledAtMs: undefined });
    });
  }
}
