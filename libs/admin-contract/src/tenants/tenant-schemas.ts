import { settingFields } from '@tollgate/tenant-config';
import { z } from 'zod';
import { limitsInput, time } from '../wire/members.js';
import { amountAnswer, amountInput, amountsAgree } from '../wire/money.js';

const names = z.record(z.string(), z.string()).nullable();
const count = z.int().nullable();

/** Places in a path. */
export const tenantParams = z.strictObject({ tenant_id: settingFields.tenantId });

const policyInput = {
  default_model: settingFields.model
    .nullable()
    .optional()
    .meta({ description: 'What `auto` stands for; may be an alias.' }),
  fallback_model: settingFields.model
    .nullable()
    .optional()
    .meta({ description: 'A model, an alias, or `none`.' }),
  allowed_models: settingFields.allowedModels
    .nullable()
    .optional()
    .meta({ description: 'Models it may use; `*` stands for any characters. Null: all.' }),
  allow_expensive: z.boolean().nullable().optional(),
  model_aliases: settingFields.modelAliases
    .nullable()
    .optional()
    .meta({ description: 'Models by names of its own.' }),
  task_models: settingFields.namedModels
    .nullable()
    .optional()
    .meta({ description: 'What `auto` stands for, by task type.' }),
  ...limitsInput,
  ...amountInput('max_cost_per_request'),
  ...amountInput('run_budget'),
};
const POLICY_AMOUNTS = ['max_cost_per_request', 'run_budget'];

/** A policy, whole: what is left out has no value of its own, and follows the default. */
export const policyBody = z.strictObject(policyInput).superRefine(amountsAgree(POLICY_AMOUNTS));

/** All settings of a tenant. */
export const tenantBody = z
  .strictObject({ ...policyInput, ...amountInput('budget') })
  .superRefine(amountsAgree([...POLICY_AMOUNTS, 'budget']));

/** A tenant to be created. */
export const newTenantBody = z
  .strictObject({ id: settingFields.tenantId, ...policyInput, ...amountInput('budget') })
  .superRefine(amountsAgree([...POLICY_AMOUNTS, 'budget']));

const policyMembers = {
  default_model: z.string().nullable(),
  fallback_model: z.string().nullable(),
  allowed_models: z.array(z.string()).nullable(),
  allow_expensive: z.boolean().nullable(),
  model_aliases: names,
  task_models: names,
  requests_per_minute: count,
  tokens_per_minute: count,
  max_concurrency: count,
  ...amountAnswer('max_cost_per_request'),
  ...amountAnswer('run_budget'),
};

/** A tenant as it is stored: null follows the default. */
export const tenantAnswer = z.strictObject({
  id: z.string(),
  status: z.enum(['active', 'suspended']),
  ...policyMembers,
  ...amountAnswer('budget'),
  suspended_at: time.nullable(),
  created_at: time,
  updated_at: time,
});

/** A policy as it is stored. */
export const policyAnswer = z.strictObject(policyMembers);

/** Something in a policy that no call can use; it does not keep it from being stored. */
export const policyWarning = z.strictObject({
  setting: z.string(),
  problem: z.string(),
});

/** A policy after its change, or as it would be after it. */
export const policyChangeAnswer = z.strictObject({
  dry_run: z.boolean(),
  policy: policyAnswer,
  changes: z.array(z.strictObject({ setting: z.string(), before: z.unknown(), after: z.unknown() })),
  warnings: z.array(policyWarning),
});

/** Every setting that holds for a tenant, and where it comes from. */
export const effectiveSettingsAnswer = z.strictObject({
  tenant_id: z.string(),
  config_hash: z.string().meta({ description: 'As it stands beside each usage event.' }),
  settings: z.record(
    z.string(),
    z.strictObject({
      value: z.unknown(),
      source: z.enum(['default', 'env', 'vault', 'database']),
    }),
  ),
});
