import type { TenantDefaults, TenantSettings } from './tenant-settings.js';

/** A setting that holds, and whether it is the tenant's own or everybody's. */
export interface EffectiveSetting {
  /** Undefined: no limit, or all models. */
  readonly value: unknown;
  readonly isOwn: boolean;
}

/** The settings of a tenant one by one. */
export type EffectiveSettings = Readonly<
  Record<Exclude<keyof TenantSettings, 'id' | 'limits'> | keyof TenantSettings['limits'], EffectiveSetting>
>;

/** Says of every setting what holds and where it comes from; completeTenant fills in the same defaults. */
export function describeSettings(own: TenantSettings, defaults: TenantDefaults): EffectiveSettings {
  const setting = (value: unknown, fallback?: unknown): EffectiveSetting => ({
    value: value ?? fallback,
    isOwn: value !== undefined,
  });
  const limit = (name: keyof TenantSettings['limits']): EffectiveSetting =>
    setting(own.limits[name], defaults.limits[name]);
  return {
    defaultModel: setting(own.defaultModel, defaults.defaultModel),
    fallbackModel: setting(own.fallbackModel, defaults.fallbackModel),
    allowedModels: setting(own.allowedModels),
    allowExpensive: setting(own.allowExpensive, false),
    modelAliases: setting(own.modelAliases),
    taskModels: setting(own.taskModels),
    maxCostPerRequestNanoUsd: setting(own.maxCostPerRequestNanoUsd),
    runBudgetNanoUsd: setting(own.runBudgetNanoUsd),
    budgetNanoUsd: limit('budgetNanoUsd'),
    requestsPerMinute: limit('requestsPerMinute'),
    tokensPerMinute: limit('tokensPerMinute'),
    maxConcurrency: limit('maxConcurrency'),
  };
}
