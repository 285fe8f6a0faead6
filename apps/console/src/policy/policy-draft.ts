import type { Wire } from '../api/admin-api.js';

/** A policy as it stands in the form: texts, which are parsed when it is sent. */
export interface PolicyDraft {
  readonly defaultModel: string;
  readonly fallbackModel: string;
  /** Null: all. */
  readonly allowedModels: readonly string[] | null;
  readonly expensive: 'default' | 'yes' | 'no';
  /** `name=model`, one each. */
  readonly aliases: readonly string[];
  readonly taskModels: readonly string[];
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  readonly maxConcurrency: number | null;
  readonly maxCostUsd: string;
  readonly runBudgetUsd: string;
}

const toPairs = (names: Readonly<Record<string, string>> | null): string[] =>
  Object.entries(names ?? {}).map(([name, model]) => `${name}=${model}`);

function fromPairs(pairs: readonly string[]): Record<string, string> | null {
  if (pairs.length === 0) return null;
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return at === -1 ? [pair, ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
}

/** The form of a policy that is stored. */
export function draftOf(policy: Wire['Policy']): PolicyDraft {
  return {
    defaultModel: policy.default_model ?? '',
    fallbackModel: policy.fallback_model ?? '',
    allowedModels: policy.allowed_models,
    expensive: policy.allow_expensive === null ? 'default' : policy.allow_expensive ? 'yes' : 'no',
    aliases: toPairs(policy.model_aliases),
    taskModels: toPairs(policy.task_models),
    requestsPerMinute: policy.requests_per_minute,
    tokensPerMinute: policy.tokens_per_minute,
    maxConcurrency: policy.max_concurrency,
    maxCostUsd: policy.max_cost_per_request_usd ?? '',
    runBudgetUsd: policy.run_budget_usd ?? '',
  };
}

/** The whole policy that a form means; what is empty follows the default. */
export function policyOf(draft: PolicyDraft): Wire['PolicyInput'] {
  return {
    default_model: draft.defaultModel || null,
    fallback_model: draft.fallbackModel || null,
    allowed_models: draft.allowedModels === null ? null : [...draft.allowedModels],
    allow_expensive: draft.expensive === 'default' ? null : draft.expensive === 'yes',
    model_aliases: fromPairs(draft.aliases),
    task_models: fromPairs(draft.taskModels),
    requests_per_minute: draft.requestsPerMinute,
    tokens_per_minute: draft.tokensPerMinute,
    max_concurrency: draft.maxConcurrency,
    max_cost_per_request_usd: draft.maxCostUsd || null,
    run_budget_usd: draft.runBudgetUsd || null,
  };
}
