import { formatUsd } from '@tollgate/domain';
import type { Measured } from './measure.js';
import type { OpenCall } from './open-call.js';

const MS_PER_SECOND = 1000;

/** A duration in the form of OpenAI's rate limit headers: `6ms`, `1.5s`. */
function formatDuration(ms: number): string {
  return ms < MS_PER_SECOND ? `${ms}ms` : `${Math.ceil(ms / 100) / 10}s`;
}

/**
 * The headers of a model's answer: request id, the tenant's rate limits, the budget left, and for a call that has
 * ended its cost. A stream's headers go out before its cost is known: its budget stands as held.
 */
export function answerHeaders(call: OpenCall, measured?: Measured): Record<string, string> {
  const { requestId, headroom, hold, principal } = call.facts;
  const headers: Record<string, string> = { 'x-request-id': requestId };
  if (measured) headers['x-tollgate-cost-usd'] = formatUsd(measured.costNanoUsd);
  if (!headroom) return { ...headers, 'x-tollgate-degraded': 'budget' };
  const { requestsPerMinute, tokensPerMinute } = principal.tenant.limits;
  if (requestsPerMinute !== undefined && headroom.requests !== undefined) {
    headers['x-ratelimit-limit-requests'] = String(requestsPerMinute);
    headers['x-ratelimit-remaining-requests'] = String(headroom.requests);
    headers['x-ratelimit-reset-requests'] = formatDuration(headroom.requestsResetMs);
  }
  if (tokensPerMinute !== undefined && headroom.tokens !== undefined) {
    headers['x-ratelimit-limit-tokens'] = String(tokensPerMinute);
    headers['x-ratelimit-remaining-tokens'] = String(headroom.tokens);
    headers['x-ratelimit-reset-tokens'] = formatDuration(headroom.tokensResetMs);
  }
  if (headroom.budgetNanoUsd !== undefined) {
    const left = headroom.budgetNanoUsd + (measured ? hold.amountNanoUsd - measured.costNanoUsd : 0);
    headers['x-tollgate-budget-remaining-usd'] = formatUsd(Math.max(0, left));
  }
  return headers;
}
