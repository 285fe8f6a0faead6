import { RESERVED_MODEL_NAMES } from '@tollgate/config';
import { judge } from './callable-model.js';
import { textPricePicoUsd, type ModelRules, type PolicyModel, type TenantPolicy } from './model-rules.js';

const MAX_NAMES = 10;
const CHEAP_TASK = 'planning';

/** What a request says about the model it wants. */
export interface ModelAsk {
  /** A model, an alias of the tenant's, or `auto`. */
  readonly model: string;
  /** From the header x-task-type. */
  readonly taskType: string | null;
}

/** The names from the one that was asked for to the one that stands for nothing else, and why each led to the next. */
export interface NamePath {
  readonly names: readonly string[];
  readonly steps: readonly string[];
  /** The last name stands before it already, or there are too many. */
  readonly isLoop: boolean;
}

interface Step {
  readonly name: string;
  readonly why: string;
}

/** Goes from name to name: `auto` to the tenant's choice for the task type, an alias to what it stands for. */
export function followNames<M extends PolicyModel>(
  ask: ModelAsk,
  tenant: TenantPolicy,
  rules: ModelRules<M>,
): NamePath {
  const names = [ask.model];
  const steps: string[] = [];
  for (let name = ask.model; ;) {
    const next = stepFrom(name, ask.taskType, tenant, rules);
    if (!next) return { names, steps, isLoop: false };
    const isLoop = names.includes(next.name) || names.length === MAX_NAMES;
    names.push(next.name);
    steps.push(next.why);
    if (isLoop) return { names, steps, isLoop };
    name = next.name;
  }
}

function stepFrom<M extends PolicyModel>(
  name: string,
  taskType: string | null,
  tenant: TenantPolicy,
  rules: ModelRules<M>,
): Step | undefined {
  if (name === RESERVED_MODEL_NAMES.auto) return choose(taskType, tenant, rules);
  const target = tenant.modelAliases?.get(name);
  return target === undefined ? undefined : { name: target, why: `'${name}' is an alias for '${target}'.` };
}

function choose<M extends PolicyModel>(
  taskType: string | null,
  tenant: TenantPolicy,
  rules: ModelRules<M>,
): Step {
  const chosen = taskType === null ? undefined : tenant.taskModels?.get(taskType);
  if (chosen !== undefined)
    return {
      name: chosen,
      why: `'auto' is '${chosen}', the tenant's choice for tasks of type '${taskType}'.`,
    };
  const { defaultModel } = tenant;
  if (taskType !== CHEAP_TASK)
    return { name: defaultModel, why: `'auto' is '${defaultModel}', the tenant's model.` };
  const cheap = cheapest(tenant, rules);
  return cheap === undefined
    ? { name: defaultModel, why: `'auto' is '${defaultModel}', the tenant's model.` }
    : {
        name: cheap,
        why: `'auto' is '${cheap}': '${CHEAP_TASK}' goes to the cheapest that may be used of the tenant's model and its fallback model.`,
      };
}

// Without a task type, so that a tenant whose model is 'auto' itself cannot lead back to here.
function cheapest<M extends PolicyModel>(tenant: TenantPolicy, rules: ModelRules<M>): string | undefined {
  let best: { name: string; pricePicoUsd: number } | undefined;
  for (const name of [tenant.defaultModel, tenant.fallbackModel]) {
    const { names, isLoop } = followNames({ model: name, taskType: null }, tenant, rules);
    const verdict = isLoop ? undefined : judge(names, tenant, rules);
    if (!verdict?.isCallable) continue;
    const pricePicoUsd = textPricePicoUsd(verdict.model);
    if (!best || pricePicoUsd < best.pricePicoUsd) best = { name, pricePicoUsd };
  }
  return best?.name;
}
