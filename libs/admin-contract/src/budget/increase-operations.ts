import { settingFields } from '@tollgate/tenant-config';
import { z } from 'zod';
import { defineOperation } from '../operation.js';
import { tenantParams } from '../tenants/tenant-schemas.js';
import { plainText, time, timeInput } from '../wire/members.js';
import { amountAnswer, amountInput, amountsAgree } from '../wire/money.js';
import { pageOf, pageQuery } from '../wire/page.js';
import { reasonInput } from '../wire/reason.js';

const tag = 'budget';

/** A budget that is higher for a while. */
export const increaseAnswer = z.strictObject({
  id: z.string(),
  tenant_id: z.string(),
  agent_id: z.string().nullable().meta({ description: "Whose budget; null: the tenant's, or a key's." }),
  key_id: z.string().nullable(),
  ...amountAnswer('amount'),
  status: z.enum(['scheduled', 'active', 'ended', 'cancelled']),
  starts_at: time,
  ends_at: time,
  reason: z.string(),
  created_by: z.string(),
  created_at: time,
  cancelled_at: time.nullable(),
});

const path = '/tenants/:tenant_id/budget/increases';

/** Everything about budgets that are higher for a while. */
export const increaseOperations = {
  list: defineOperation({
    id: 'listBudgetIncreases',
    tag,
    summary: 'List the increases of budgets of a tenant, oldest first, those that are over too',
    method: 'GET',
    path,
    params: tenantParams,
    query: z.strictObject(pageQuery),
    answer: pageOf(increaseAnswer),
    errors: ['tenant_not_found'],
  }),
  create: defineOperation({
    id: 'createBudgetIncrease',
    tag,
    summary: 'Raise the budget of a tenant, an agent or a key until a date',
    description: 'Several at a time add up. What has no budget has no limit, and gets none by this.',
    method: 'POST',
    path,
    role: 'operator',
    params: tenantParams,
    body: z
      .strictObject({
        agent_id: settingFields.agentId.nullable().optional(),
        key_id: plainText.min(1).nullable().optional(),
        ...amountInput('amount'),
        starts_at: timeInput.nullable().optional().meta({ description: 'Default: now.' }),
        ends_at: timeInput,
        reason: reasonInput,
      })
      .superRefine((body, context) => {
        const refuse = (name: string, message: string): void =>
          context.addIssue({ code: 'custom', path: [name], message });
        amountsAgree(['amount'])(body, context);
        if ((body.amount_usd ?? body.amount_nano_usd ?? null) === null) refuse('amount_usd', 'is missing');
        if (typeof body.agent_id === 'string' && typeof body.key_id === 'string')
          refuse('key_id', 'is too much beside agent_id: an increase is of one budget');
      }),
    answer: increaseAnswer,
    status: 201,
    errors: ['tenant_not_found'],
  }),
  cancel: defineOperation({
    id: 'cancelBudgetIncrease',
    tag,
    summary: 'Take an increase back, at once',
    method: 'POST',
    path: `${path}/:increase_id/cancel`,
    role: 'operator',
    params: tenantParams.extend({ increase_id: z.uuid('must be the id of an increase') }),
    answer: increaseAnswer,
    errors: ['budget_increase_not_found'],
  }),
};
