import { formatUsd } from '@tollgate/domain';
import type { Measured } from '../call/measure.js';
import type { OpenCall } from '../call/open-call.js';

const MS_PER_SECOND = 1000;

/**
 * Adds one rate limit in the form of OpenAI's headers.
 * @param resetMs until it is whole again, or until the request may be tried again
 */
export function addRateLimit(
  headers: Record<string, string>,
  unit: 'requests' | 'tokens',
  limit: number,
  remaining: number,
  resetMs: number,
): void {
  // Written out: names put together at run time would make V8 treat the headers as a dictionary.
  if (unit === 'requests') {
    headers['x-ratelimit-limit-requests'] = `${limit}`;
    headers['x-ratelimit-remaining-requests'] = `${remaining}`;
    headers['x-ratelimit-reset-requests'] = formatDuration(resetMs);
  } else {
    headers['x-ratelimit-limit-tokens'] = `${limit}`;
    headers['x-ratelimit-remaining-tokens'] = `${remaining}`;
    headers['x-ratelimit-reset-tokens'] = formatDuration(resetMs);
  }
}

/** A duration in the form of OpenAI's rate limit headers: `6ms`, `1.5s`. */
function formatDuration(ms: number): string {
  return ms < MS_PER_SECOND ? `${ms}ms` : `${Math.ceil(ms / 100) / 10}s`;
}

/**
 * The headers of a model's answer: request id, the tenant's rate limits, the budget left, and for a call that has
 * ended its cost. A stream's headers go out before its cost is known: its budget stands as held.
 */
export function answerHeaders(call: OpenCall, measured?: Measured): Record<string, string> {
  const { requestId, route, headroom, hold, principal, degraded } = call.facts;
  const headers: Record<string, string> = { 'x-request-id': requestId };
  if (route.requestIdHeader) headers[route.requestIdHeader] = requestId;
  if (measured) headers['x-tollgate-cost-usd'] = formatUsd(measured.costNanoUsd);
  if (call.isFallback) headers['x-tollgate-fallback'] = call.served.model.id;
  if (degraded.length > 0) headers['x-tollgate-degraded'] = degraded.join(', ');
  if (!headroom) return headers;
  const { requestsPerMinute, tokensPerMinute } = principal.tenant.limits;
  if (requestsPerMinute !== undefined && headroom.requests !== undefined)
    addRateLimit(headers, 'requests', requestsPerMinute, headroom.requests, headroom.requestsResetMs);
  if (tokensPerMinute !== undefined && headroom.tokens !== undefined)
    addRateLimit(headers, 'tokens', tokensPerMinute, headroom.tokens, headroom.tokensResetMs);
  if (headroom.budgetNanoUsd !== undefined) {
    const left = headroom.budgetNanoUsd + (measured ? hold.amountNanoUsd - measured.costNanoUsd : 0);
    headers['x-tollgate-budget-remaining-usd'] = formatUsd(Math.max(0, left));
  }
  return headers;
}
