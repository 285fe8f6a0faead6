import { formatAmount, formatTime, readAmount } from '@tollgate/admin-contract';
import type { EditedTenant, TenantChange, TenantDraft } from '@tollgate/tenant-config';

/** What a body may say of a tenant, by its names on the wire. */
type Body = Readonly<Record<string, unknown>>;

const orNull = <T>(value: T | undefined): T | null => value ?? null;
const names = (models: ReadonlyMap<string, string> | undefined): object | null =>
  models ? Object.fromEntries(models) : null;

/** The policy of a tenant as an answer has it. */
export function formatPolicy(tenant: EditedTenant): Record<string, unknown> {
  return {
    default_model: orNull(tenant.defaultModel),
    fallback_model: orNull(tenant.fallbackModel),
    allowed_models: orNull(tenant.allowedModels),
    allow_expensive: orNull(tenant.allowExpensive),
    model_aliases: names(tenant.modelAliases),
    task_models: names(tenant.taskModels),
    requests_per_minute: orNull(tenant.limits.requestsPerMinute),
    tokens_per_minute: orNull(tenant.limits.tokensPerMinute),
    max_concurrency: orNull(tenant.limits.maxConcurrency),
    ...formatAmount('max_cost_per_request', tenant.maxCostPerRequestNanoUsd),
    ...formatAmount('run_budget', tenant.runBudgetNanoUsd),
  };
}

/** A tenant as an answer has it, and the audit. */
export function formatTenant(tenant: EditedTenant): Record<string, unknown> {
  return {
    id: tenant.id,
    status: tenant.suspendedAtMs === undefined ? 'active' : 'suspended',
    ...formatPolicy(tenant),
    ...formatAmount('budget', tenant.limits.budgetNanoUsd),
    suspended_at: formatTime(tenant.suspendedAtMs),
    created_at: formatTime(tenant.createdAtMs),
    updated_at: formatTime(tenant.updatedAtMs),
  };
}

/**
 * The change that a body asks for. `absent` says what a member means that is not there: undefined leaves it as it is
 * (PATCH), null unsets it (PUT). The bodies were checked by the schemas of the contract, which know each member.
 */
export function readPolicy(body: Body, absent: null | undefined): TenantChange {
  const read = (value: unknown): unknown => (value === undefined ? absent : value);
  return {
    defaultModel: read(body['default_model']),
    fallbackModel: read(body['fallback_model']),
    allowedModels: read(body['allowed_models']),
    allowExpensive: read(body['allow_expensive']),
    modelAliases: read(body['model_aliases']),
    taskModels: read(body['task_models']),
    maxCostPerRequestNanoUsd: read(readAmount(body, 'max_cost_per_request')),
    runBudgetNanoUsd: read(readAmount(body, 'run_budget')),
    limits: {
      requestsPerMinute: read(body['requests_per_minute']),
      tokensPerMinute: read(body['tokens_per_minute']),
      maxConcurrency: read(body['max_concurrency']),
    },
    // Safe: each member has the type that its schema gave it.
  } as TenantChange;
}

/** As `readPolicy`, with the budget. */
export function readSettings(body: Body, absent: null | undefined): TenantChange {
  const policy = readPolicy(body, absent);
  const budget = readAmount(body, 'budget');
  return { ...policy, limits: { ...policy.limits, budgetNanoUsd: budget === undefined ? absent : budget } };
}

/** A tenant to be created. */
export function readDraft(body: Body & { readonly id: string }): TenantDraft {
  const { limits = {}, ...settings } = readSettings(body, undefined);
  const known = (values: object): object =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  return { id: body.id, ...known(settings), limits: known(limits) };
}
