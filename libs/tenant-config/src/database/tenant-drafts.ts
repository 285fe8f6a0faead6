import { z } from 'zod';
import { MODEL_NAME, MODEL_NAME_KEY, RESERVED_MODEL_NAMES } from '@tollgate/config';
import { MAX_NANO_USD } from '@tollgate/domain';
import { TenantAdminError } from './tenant-admin-error.js';

const MAX_COUNT = 1_000_000_000_000;

const nanoUsd = z.int().min(0).max(MAX_NANO_USD).optional();
const count = z.int().min(0).max(MAX_COUNT).optional();

const model = z.string().regex(MODEL_NAME, 'Must be 1 to 200 printable characters without comma');
const modelKey = z.string().regex(MODEL_NAME_KEY, 'Must be 1 to 128 letters, digits or . _ @ / -');
const namedModels = z
  .record(modelKey, model)
  .refine((models) => Object.keys(models).length <= 1000, 'Must be 1000 at most');

// The same as the schema's check.
const tenantId = z
  .string()
  .regex(/^(?=.{1,63}$)[a-z0-9]+(-[a-z0-9]+)*$/, 'Must be 1 to 63 of a-z, 0-9 and single -');

// What the gateway accepts in x-agent-id.
const agentId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,127}$/, 'Must be 1 to 128 letters, digits or . _ : @ / -');

const limits = z
  .strictObject({
    budgetNanoUsd: nanoUsd,
    requestsPerMinute: count,
    tokensPerMinute: count,
    maxConcurrency: count,
  })
  .default({});

/** The settings of tenants, agents and keys one by one, for those who put them together in another form. */
export const settingFields = {
  tenantId,
  agentId,
  model,
  count: z.int().min(0).max(MAX_COUNT),
  nanoUsd: z.int().min(0).max(MAX_NANO_USD),
  allowedModels: z.array(model).min(1).max(1000),
  namedModels,
  modelAliases: namedModels.refine(
    (aliases) => Object.keys(RESERVED_MODEL_NAMES).every((name) => !Object.hasOwn(aliases, name)),
    { error: 'May not name an alias auto or none' },
  ),
  keyName: z
    .string()
    .regex(/^\P{Cc}{1,100}$/u, 'Must be 1 to 100 characters, none of them control characters'),
  timeMs: z.int().min(0).max(8.64e15),
};

/** A tenant to be created. */
export const tenantDraft = z.strictObject({
  id: tenantId,
  defaultModel: model.optional(),
  fallbackModel: model.optional(),
  allowedModels: settingFields.allowedModels.optional(),
  allowExpensive: z.boolean().optional(),
  modelAliases: settingFields.modelAliases.optional(),
  taskModels: namedModels.optional(),
  maxCostPerRequestNanoUsd: nanoUsd,
  runBudgetNanoUsd: nanoUsd,
  limits,
});

/** An agent to be registered. */
export const agentDraft = z.strictObject({ id: agentId, limits });

/** A key to be made. */
export const keyDraft = z.strictObject({
  agentId: agentId.optional(),
  name: settingFields.keyName.optional(),
  expiresAtMs: settingFields.timeMs.optional(),
  limits,
});

/** Which part of a list is wanted. */
export const pageDraft = z.strictObject({
  limit: z.int().min(1).max(1000).default(100),
  after: z.string().max(200).optional(),
});

/** A tenant to be created; unset settings follow the defaults. */
export type TenantDraft = z.input<typeof tenantDraft>;
/** An agent to be registered. */
export type AgentDraft = z.input<typeof agentDraft>;
/** A key to be made. */
export type KeyDraft = z.input<typeof keyDraft>;
/** Which part of a list is wanted: at most `limit` entries (100) whose ids come after `after`. */
export type PageDraft = z.input<typeof pageDraft>;

/**
 * Checks what came from outside.
 * @throws TenantAdminError `invalid_settings`; `param` names the first setting at fault
 */
export function parseDraft<T extends z.ZodType>(schema: T, draft: unknown): z.output<T> {
  const parsed = schema.safeParse(draft);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const param = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys : [])].join(
    '.',
  );
  // The messages of the schema name the rule, never the value.
  const rule = issue?.message ?? 'Not legal';
  throw new TenantAdminError('invalid_settings', `${param || 'The input'}: ${rule}.`, param || undefined);
}
