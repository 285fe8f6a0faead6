import { NO_TOKENS, uuidV7 } from '@tollgate/domain';
import { FINAL_ATTEMPT, type UsageEvent } from '@tollgate/stores';

/** A moment that has become a part of history. */
export const NOON = Date.UTC(2026, 9, 23, 12);

/** An event of that moment, with what a test wants different. */
export function eventOf(more: Partial<UsageEvent>): UsageEvent {
  return {
    requestId: uuidV7(NOON),
    attempt: FINAL_ATTEMPT,
    tenantId: 'acme',
    keyId: 'k1',
    agentId: 'planner',
    runId: null,
    taskType: null,
    modelAsked: 'gpt-4o-mini',
    model: 'gpt-4o-mini',
    modelProvider: 'openai',
    ...NO_TOKENS,
    inputTokens: 10,
    outputTokens: 5,
    costNanoUsd: 4500,
    priceVersion: 'v1',
    status: 'completed',
    errorCode: null,
    usageSource: 'reported',
    streamed: false,
    latencyMs: 12,
    firstTokenMs: null,
    configHash: 'c0ffee',
    ...more,
  };
}
