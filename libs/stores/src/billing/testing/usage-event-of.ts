import { NO_TOKENS, uuidV7 } from '@tollgate/domain';
import { FINAL_ATTEMPT, type UsageEvent } from '../../ledger/usage-event.js';

/** A usage event of an instant, with what a test wants different. */
export function usageEventOf(timeMs: number, more: Partial<UsageEvent> = {}): UsageEvent {
  return {
    requestId: uuidV7(timeMs),
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
