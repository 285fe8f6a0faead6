import { NO_LIMITS, type Limits } from '@tollgate/domain';
import { windowsOf, type Attribution, type BudgetScope } from '@tollgate/stores';
import type { Principal } from '@tollgate/tenant-config';

/** The scopes a call is counted in, each with the limits in force: tenant, key, agent, run. */
export function budgetScopes(
  { tenant, key }: Principal,
  attribution: Attribution,
  requestId: string,
): BudgetScope[] {
  return windowsOf(attribution, requestId).map(({ scope, window }) => ({
    scope,
    window,
    limits: limitsOf(scope),
  }));

  function limitsOf(scope: string): Limits {
    if (scope === 't') return tenant.limits;
    if (scope.startsWith('k:')) return key.limits;
    if (scope.startsWith('a:')) return tenant.agents.get(scope.slice(2))?.limits ?? NO_LIMITS;
    return tenant.runBudgetNanoUsd === undefined
      ? NO_LIMITS
      : { ...NO_LIMITS, budgetNanoUsd: tenant.runBudgetNanoUsd };
  }
}
