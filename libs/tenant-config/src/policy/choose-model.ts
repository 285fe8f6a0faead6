import { RESERVED_MODEL_NAMES } from '@tollgate/config';
import { describeNames, judge, toPolicyError, type Verdict } from './callable-model.js';
import { followNames, type ModelAsk } from './follow-names.js';
import type { ModelRules, PolicyModel, TenantPolicy } from './model-rules.js';

/** The model that serves a request, why it is this one, and what may take its place. */
export interface ModelChoice<M> {
  readonly model: M;
  /** In words, in order, for people. */
  readonly steps: readonly string[];
  /** For when the model fails or the budget holds only a cheaper one; undefined when the policy has none. */
  readonly fallback: M | undefined;
}

/** Follows what was asked for to a model and judges it; never throws. */
export function findModel<M extends PolicyModel>(
  ask: ModelAsk,
  tenant: TenantPolicy,
  rules: ModelRules<M>,
): Verdict<M> {
  const { names, steps, isLoop } = followNames(ask, tenant, rules);
  if (isLoop) {
    const problem = `The names of the model never end: ${describeNames(names)}.`;
    return { isCallable: false, code: 'model_not_found', problem };
  }
  const verdict = judge(names, tenant, rules);
  return verdict.isCallable ? { ...verdict, steps: [...steps, ...verdict.steps] } : verdict;
}

function findFallback<M extends PolicyModel>(
  model: M,
  tenant: TenantPolicy,
  rules: ModelRules<M>,
): { readonly fallback: M | undefined; readonly step: string } {
  const name = tenant.fallbackModel;
  const none = (why: string): { fallback: undefined; step: string } => ({
    fallback: undefined,
    step: `There is no fallback: ${why}`,
  });
  if (name === RESERVED_MODEL_NAMES.none) return none('the tenant wants none.');
  const verdict = findModel({ model: name, taskType: null }, tenant, rules);
  if (!verdict.isCallable) return none(verdict.problem);
  if (verdict.model.id === model.id) return none(`'${model.id}' is the fallback model itself.`);
  return { fallback: verdict.model, step: `The fallback model is '${verdict.model.id}'.` };
}

/**
 * Decides which model serves a request. A model that the tenant may not use is refused, never replaced.
 * @throws TollgateError `model_not_found`, `model_not_allowed`, `model_not_priced`
 */
export function chooseModel<M extends PolicyModel>(
  ask: ModelAsk,
  tenant: TenantPolicy,
  rules: ModelRules<M>,
): ModelChoice<M> {
  const verdict = findModel(ask, tenant, rules);
  if (!verdict.isCallable) throw toPolicyError(verdict);
  const { fallback, step } = findFallback(verdict.model, tenant, rules);
  return { model: verdict.model, steps: [...verdict.steps, step], fallback };
}
