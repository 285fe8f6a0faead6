import { RESERVED_MODEL_NAMES } from '@tollgate/config';
import type { PolicyRefusal } from './callable-model.js';
import { findModel } from './choose-model.js';
import type { ModelAsk } from './follow-names.js';
import type { ModelRules, PolicyModel, TenantPolicy } from './model-rules.js';

const PROBLEMS: Readonly<Record<PolicyRefusal['code'], string>> = {
  model_not_found: 'leads to no model that can be called here',
  model_not_allowed: 'leads to a model that the tenant may not use',
  model_not_priced: 'leads to a model without a known price',
};

/** A name of a tenant's policy that no call can use. It holds no value, only its place. */
export interface PolicyFinding {
  readonly setting: 'MODEL_ALIASES' | 'TASK_MODELS';
  /** Names the entry by its number, from 1. */
  readonly problem: string;
}

/** Every alias and task model that is part of a loop or leads to a model that cannot be called. */
export function findPolicyFindings<M extends PolicyModel>(
  tenant: TenantPolicy,
  rules: ModelRules<M>,
): PolicyFinding[] {
  const look = (setting: PolicyFinding['setting'], asks: readonly ModelAsk[]): PolicyFinding[] =>
    asks.flatMap((ask, i) => {
      const verdict = findModel(ask, tenant, rules);
      if (verdict.isCallable) return [];
      return [{ setting, problem: `entry ${i + 1} ${PROBLEMS[verdict.code]}` }];
    });
  const aliases = [...(tenant.modelAliases?.keys() ?? [])];
  const taskTypes = [...(tenant.taskModels?.keys() ?? [])];
  return [
    ...look(
      'MODEL_ALIASES',
      aliases.map((model) => ({ model, taskType: null })),
    ),
    ...look(
      'TASK_MODELS',
      taskTypes.map((taskType) => ({ model: RESERVED_MODEL_NAMES.auto, taskType })),
    ),
  ];
}
