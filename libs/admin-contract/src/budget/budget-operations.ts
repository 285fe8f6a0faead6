import { z } from 'zod';
import { defineOperation } from '../operation.js';
import { tenantParams } from '../tenants/tenant-schemas.js';
import { time } from '../wire/members.js';
import { amountAnswer, amountInput, amountsAgree } from '../wire/money.js';

const tag = 'budget';

/** Where the budget of a tenant stands in this calendar month (UTC). */
export const budgetAnswer = z.strictObject({
  tenant_id: z.string(),
  month: z.string(),
  resets_at: time,
  ...amountAnswer('budget'),
  ...amountAnswer('increase'),
  source: z.enum(['default', 'database']).meta({ description: 'Whose the budget is.' }),
  ...amountAnswer('settled'),
  ...amountAnswer('held'),
  ...amountAnswer('remaining'),
  ...amountAnswer('forecast'),
  forecast_days: z.int().meta({ description: 'Complete days that the forecast was learned from.' }),
});

const one = { tag, params: tenantParams, answer: budgetAnswer, hasEtag: true } as const;

/** Everything about the budget of a tenant. */
export const budgetOperations = {
  read: defineOperation({
    ...one,
    id: 'readBudget',
    summary: 'Read where the budget of a tenant stands',
    description:
      '`increase` is what increases in force at this moment add to `budget`; `forecast` is what the month is expected to have cost at its end. `settled` is what the ledger says. `held` is money of calls under way, which the gateways keep in Redis: null where the admin API cannot ask there, and `remaining` is then without it.',
    method: 'GET',
    path: '/tenants/:tenant_id/budget',
    errors: ['tenant_not_found'],
  }),
  replace: defineOperation({
    ...one,
    id: 'replaceBudget',
    summary: 'Change the budget of a tenant; null follows the default, 0 lets nothing be spent',
    method: 'PUT',
    path: '/tenants/:tenant_id/budget',
    role: 'operator',
    changesEdition: true,
    body: z.strictObject(amountInput('budget')).superRefine((body, context) => {
      amountsAgree(['budget'])(body, context);
      if (body.budget_usd === undefined && body.budget_nano_usd === undefined)
        context.addIssue({ code: 'custom', path: ['budget_usd'], message: 'is missing' });
    }),
    errors: ['tenant_not_found'],
  }),
};
