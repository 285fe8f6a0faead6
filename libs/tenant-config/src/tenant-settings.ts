import type { Environment, NamedModels } from '@tollgate/config';
import { centsToNanoUsd, type Limits } from '@tollgate/domain';
import { hashConfig } from './config-hash.js';
import type { Agent, Tenant } from './tenant.js';

/** A tenant's settings as its source has them; what is undefined takes its default. */
export interface TenantSettings {
  readonly id: string;
  readonly defaultModel: string | undefined;
  readonly fallbackModel: string | undefined;
  /** Undefined: all. */
  readonly allowedModels: readonly string[] | undefined;
  readonly allowExpensive: boolean | undefined;
  readonly modelAliases: NamedModels | undefined;
  readonly taskModels: NamedModels | undefined;
  readonly limits: Limits;
  /** Undefined: the limits of the model provider's adapter alone. */
  readonly maxCostPerRequestNanoUsd: number | undefined;
  readonly runBudgetNanoUsd: number | undefined;
}

/** What holds for a tenant that has no setting of its own. */
export interface TenantDefaults {
  readonly defaultModel: string;
  readonly fallbackModel: string;
  readonly limits: Limits;
}

/** A tenant's state beside its settings; only some sources know it. */
export interface TenantState {
  readonly suspended: boolean;
  readonly agents: readonly Agent[];
}

/** The defaults of this process: the `DEFAULT_…` variables. */
export function tenantDefaults(env: Environment): TenantDefaults {
  return {
    defaultModel: env.DEFAULT_LLM_MODEL,
    fallbackModel: env.DEFAULT_LLM_FALLBACK_MODEL,
    limits: {
      budgetNanoUsd: centsToNanoUsd(env.DEFAULT_TENANT_BUDGET_CENTS),
      requestsPerMinute: env.DEFAULT_TENANT_RATE_LIMIT,
      tokensPerMinute: env.DEFAULT_TENANT_TOKENS_PER_MINUTE,
      maxConcurrency: undefined,
    },
  };
}

function completeLimits(own: Limits, defaults: Limits): Limits {
  return {
    budgetNanoUsd: own.budgetNanoUsd ?? defaults.budgetNanoUsd,
    requestsPerMinute: own.requestsPerMinute ?? defaults.requestsPerMinute,
    tokensPerMinute: own.tokensPerMinute ?? defaults.tokensPerMinute,
    maxConcurrency: own.maxConcurrency ?? defaults.maxConcurrency,
  };
}

/** Fills in the defaults and signs the result with its hash. */
export function completeTenant(
  settings: TenantSettings,
  state: TenantState,
  defaults: TenantDefaults,
): Tenant {
  const tenant = {
    id: settings.id,
    defaultModel: settings.defaultModel ?? defaults.defaultModel,
    fallbackModel: settings.fallbackModel ?? defaults.fallbackModel,
    allowedModels: settings.allowedModels,
    allowExpensive: settings.allowExpensive ?? false,
    modelAliases: settings.modelAliases,
    taskModels: settings.taskModels,
    limits: completeLimits(settings.limits, defaults.limits),
    maxCostPerRequestNanoUsd: settings.maxCostPerRequestNanoUsd,
    runBudgetNanoUsd: settings.runBudgetNanoUsd,
    suspended: state.suspended,
    agents: new Map(state.agents.map((agent) => [agent.id, agent])),
  };
  return { ...tenant, configHash: hashConfig(tenant) };
}
