import { MAX_NANO_USD } from './money.js';

/**
 * A budget with the increases that are in force, all in nano-USD. No budget, which is no limit, stays none; the sum is
 * MAX_NANO_USD at most.
 */
export function effectiveBudget(
  budgetNanoUsd: number | undefined,
  increasesNanoUsd: readonly number[],
): number | undefined {
  if (budgetNanoUsd === undefined) return undefined;
  // Compared before it is added: a sum above the safe integers would already be wrong.
  return increasesNanoUsd.reduce(
    (sum, increase) => (increase > MAX_NANO_USD - sum ? MAX_NANO_USD : sum + Math.max(0, increase)),
    Math.max(0, budgetNanoUsd),
  );
}
