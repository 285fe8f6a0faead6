import type { ScopeWindow } from '../../ledger/scope-total.js';

const DAY_MS = 86_400_000;

/** How long an unused window stays in Redis, in ms; it is seeded from the ledger again when it is used later. */
export function windowTtlMs({ scope }: ScopeWindow): number {
  return scope.startsWith('r:') ? 2 * DAY_MS : 45 * DAY_MS;
}
