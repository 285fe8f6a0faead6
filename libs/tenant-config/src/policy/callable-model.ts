import { TollgateError } from '@tollgate/domain';
import { matchesGlob } from './glob.js';
import { isExpensive, type ModelRules, type PolicyModel, type TenantPolicy } from './model-rules.js';

/** Why a model may not be called. */
export interface PolicyRefusal {
  readonly isCallable: false;
  readonly code: 'model_not_found' | 'model_not_allowed' | 'model_not_priced';
  /** In words, for the client. */
  readonly problem: string;
}

/** A model that may be called, and why; or why not. */
export type Verdict<M> =
  { readonly isCallable: true; readonly model: M; readonly steps: readonly string[] } | PolicyRefusal;

const printable = (name: string): string => name.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);

/** The last of the names in quotes, with the way to it when there is one: `'gpt-4o' (fast → gpt-4o)`. */
export function describeNames(names: readonly string[]): string {
  const way = names.length > 1 ? ` (${names.map(printable).join(' → ')})` : '';
  return `'${printable(names.at(-1) ?? '')}'${way}`;
}

const refuse = (code: PolicyRefusal['code'], problem: string): PolicyRefusal => ({
  isCallable: false,
  code,
  problem,
});

/** Judges the model at the end of the names that led to it. */
export function judge<M extends PolicyModel>(
  names: readonly string[],
  tenant: TenantPolicy,
  rules: ModelRules<M>,
): Verdict<M> {
  const name = names.at(-1) ?? '';
  const model = rules.find(name);
  if (!model) return refuse('model_not_found', `The model ${describeNames(names)} does not exist here.`);
  const pattern = tenant.allowedModels?.find((allowed) => matchesGlob(allowed, name));
  if (!rules.isLetThrough(model) || (tenant.allowedModels && pattern === undefined))
    return refuse('model_not_allowed', `This tenant may not use the model ${describeNames(names)}.`);
  if (!model.price && !rules.allowUnpriced)
    return refuse('model_not_priced', `The model ${describeNames(names)} has no known price.`);
  const expensive = isExpensive(model, rules.expensiveAboveCents);
  if (expensive && !tenant.allowExpensive)
    return refuse(
      'model_not_allowed',
      `The model ${describeNames(names)} is expensive, and this tenant may not use expensive models.`,
    );
  return {
    isCallable: true,
    model,
    steps: [
      pattern === undefined
        ? `The tenant may use any model, so it may use '${name}'.`
        : `The tenant may use '${name}': its allowed models have '${pattern}'.`,
      ...(expensive ? [`'${name}' is expensive, and the tenant may use expensive models.`] : []),
      ...(model.price ? [] : [`'${name}' has no known price and is called at no cost.`]),
    ],
  };
}

/** The error of a verdict that says no. */
export function toPolicyError({ code, problem }: PolicyRefusal): TollgateError {
  return new TollgateError(code, problem, { param: 'model' });
}
