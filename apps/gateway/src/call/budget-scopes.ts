import { NO_LIMITS, type Limits } from '@tollgate/domain';
import { windowsOf, type Attribution, type BudgetScope } from '@tollgate/stores';
import type { Principal } from '@tollgate/tenant-config';

interface Remembered {
  readonly agentId: string | null;
  readonly month: string;
  readonly scopes: readonly BudgetScope[];
}

// Settings are replaced, never changed: as long as a key's principal is the same, so are its limits.
const remembered = new WeakMap<Principal, Remembered>();

/**
 * The scopes a call is counted in, each with the limits in force: tenant, key, agent, run. Calls of one key and agent
 * get one and the same list, so that stores can keep what they make of it.
 */
export function budgetScopes(
  principal: Principal,
  attribution: Attribution,
  month: string,
): readonly BudgetScope[] {
  const { agentId, runId } = attribution;
  const last = remembered.get(principal);
  if (runId === null && last?.month === month && last.agentId === agentId) return last.scopes;
  const scopes = windowsOf(attribution, month).map(({ scope, window }) => ({
    scope,
    window,
    limits: limitsOf(scope, principal),
  }));
  if (runId === null) remembered.set(principal, { agentId, month, scopes });
  return scopes;
}

function limitsOf(scope: string, { tenant, key }: Principal): Limits {
  if (scope === 't') return tenant.limits;
  if (scope.startsWith('k:')) return key.limits;
  if (scope.startsWith('a:')) return tenant.agents.get(scope.slice(2))?.limits ?? NO_LIMITS;
  return tenant.runBudgetNanoUsd === undefined
    ? NO_LIMITS
    : { ...NO_LIMITS, budgetNanoUsd: tenant.runBudgetNanoUsd };
}
