import { TollgateError, formatUsd, monthEndMs } from '@tollgate/domain';
import type { Refusal } from '@tollgate/stores';
import { addRateLimit } from '../answer/answer-headers.js';

const SCOPE_KINDS: Readonly<Record<string, string>> = { t: 'tenant', k: 'key', a: 'agent', r: 'run' };
const UNITS = {
  requests: 'requests per minute',
  tokens: 'tokens per minute',
  concurrency: 'calls at the same time',
} as const;

const kindOf = (scope: string): string => SCOPE_KINDS[scope[0] ?? ''] ?? scope;

/** The error that a refused hold is answered with; its facts are the machine-readable body of the limit. */
export function toLimitError(refusal: Refusal): TollgateError {
  const { reason, scope, window, limit, used, held, retryAfterMs } = refusal;
  const kind = kindOf(scope);
  if (reason === 'budget') {
    const resetsAt = window === 'total' ? null : new Date(monthEndMs(window)).toISOString();
    const facts = { scope: kind, limit, used, held, window, resets_at: resetsAt, retry_after_ms: null };
    return new TollgateError(
      'insufficient_quota',
      `The ${kind}'s budget cannot hold what this call may cost.`,
      { facts, headers: { 'x-tollgate-budget-remaining-usd': formatUsd(Math.max(0, limit - used - held)) } },
    );
  }
  const resetsAt = retryAfterMs === undefined ? null : new Date(Date.now() + retryAfterMs).toISOString();
  const facts = {
    scope: kind,
    limit,
    used,
    held,
    window: reason,
    resets_at: resetsAt,
    retry_after_ms: retryAfterMs ?? null,
  };
  const headers: Record<string, string> = {};
  if (reason !== 'concurrency')
    addRateLimit(headers, reason, limit, Math.max(0, limit - used), retryAfterMs ?? 0);
  const never = retryAfterMs === undefined ? ' This request can never fit.' : '';
  return new TollgateError(
    'rate_limit_exceeded',
    `The ${kind}'s limit of ${limit} ${UNITS[reason]} is used up.${never}`,
    {
      facts,
      headers,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
}
