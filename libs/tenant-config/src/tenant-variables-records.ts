import type { TenantVariables } from '@tollgate/config';
import { NO_LIMITS, centsToNanoUsd } from '@tollgate/domain';
import type { ApiKey } from './tenant.js';
import { completeTenant, type TenantDefaults, type TenantSettings } from './tenant-settings.js';
import type { TenantRecords } from './tenant-source.js';

const KEY_ID_LENGTH = 12;

function toSettings(variables: TenantVariables): TenantSettings {
  const { BUDGET_CENTS, MAX_COST_PER_REQUEST } = variables;
  return {
    id: variables.id,
    defaultModel: variables.LLM_MODEL,
    fallbackModel: variables.LLM_FALLBACK_MODEL,
    allowedModels: variables.ALLOWED_MODELS,
    allowExpensive: variables.ALLOW_EXPENSIVE,
    modelAliases: variables.MODEL_ALIASES,
    taskModels: variables.TASK_MODELS,
    limits: {
      budgetNanoUsd: BUDGET_CENTS === undefined ? undefined : centsToNanoUsd(BUDGET_CENTS),
      requestsPerMinute: variables.RATE_LIMIT,
      tokensPerMinute: variables.TOKENS_PER_MINUTE,
      maxConcurrency: variables.MAX_CONCURRENCY,
    },
    maxCostPerRequestNanoUsd:
      MAX_COST_PER_REQUEST === undefined ? undefined : centsToNanoUsd(MAX_COST_PER_REQUEST),
    runBudgetNanoUsd: undefined,
  };
}

function toKeys({ id, keyHashes }: TenantVariables): ApiKey[] {
  return keyHashes.map((secretSha256) => ({
    id: secretSha256.slice(0, KEY_ID_LENGTH),
    tenantId: id,
    secretSha256,
    agentId: undefined,
    limits: NO_LIMITS,
    expiresAtMs: undefined,
  }));
}

/** Tenants and their keys from settings in the form of the variables. */
export function toRecords(tenants: readonly TenantVariables[], defaults: TenantDefaults): TenantRecords {
  const settings = tenants.map(toSettings);
  return {
    tenants: settings.map((own) => completeTenant(own, { suspended: false, agents: [] }, defaults)),
    settings,
    keys: tenants.flatMap(toKeys),
  };
}
