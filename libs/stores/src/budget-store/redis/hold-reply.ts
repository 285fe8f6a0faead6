import { z } from 'zod';
import type { BudgetScope, HoldOutcome, Refusal } from '../budget-store.js';

const numbers = z.array(z.number());
const reasons = z.enum(['budget', 'requests', 'tokens', 'concurrency']);

/** What the hold script said: an outcome, or a state in which the call must be tried again or given up. */
export interface HoldReply {
  readonly epoch: string;
  readonly outcome?: HoldOutcome;
  readonly state: 'held' | 'refused' | 'cold' | 'unseeded' | 'cancelled';
  readonly waitMs: number;
}

const present = (value: number | undefined): number | undefined =>
  value === undefined || value < 0 ? undefined : value;

function parseRefusal(rest: readonly unknown[], scopes: readonly BudgetScope[]): Refusal {
  const [scopeNumber = 1, limit = 0, used = 0, held = 0, retryMs = -1] = numbers.parse(rest.slice(1));
  const scope = scopes[scopeNumber - 1];
  if (!scope) throw new Error('the hold script named a scope that was not asked for');
  return {
    reason: reasons.parse(rest[0]),
    scope: scope.scope,
    window: scope.window,
    limit,
    used,
    held,
    retryAfterMs: present(retryMs),
  };
}

/** Reads the reply of hold.lua (its head lists the forms). */
export function parseHoldReply(reply: unknown, scopes: readonly BudgetScope[]): HoldReply {
  const [state, epoch, ...rest] = reply as [HoldReply['state'], string, ...unknown[]];
  if (state === 'held') {
    // The hot path: six integers that our own script wrote, not worth a schema.
    const [budget, tenantBudget, requests, requestsResetMs, tokens, tokensResetMs] = rest as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const headroom = {
      budgetNanoUsd: present(budget),
      tenantBudgetNanoUsd: present(tenantBudget),
      requests: present(requests),
      requestsResetMs,
      tokens: present(tokens),
      tokensResetMs,
    };
    return { epoch, state, waitMs: 0, outcome: { held: true, headroom } };
  }
  if (state === 'refused')
    return { epoch, state, waitMs: 0, outcome: { held: false, refusal: parseRefusal(rest, scopes) } };
  return { epoch, state, waitMs: state === 'cold' ? Number(rest[0]) : 0 };
}
