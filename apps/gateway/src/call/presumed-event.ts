import { NO_TOKENS } from '@tollgate/domain';
import { FINAL_ATTEMPT, type ExpiredHold, type UsageEvent } from '@tollgate/stores';
import { z } from 'zod';

const factsSchema = z.object({
  keyId: z.string(),
  agentId: z.string().nullable(),
  runId: z.string().nullable(),
  taskType: z.string().nullable(),
  modelAsked: z.string(),
  model: z.string(),
  modelProvider: z.string(),
  priceVersion: z.string(),
  streamed: z.boolean(),
  configHash: z.string(),
});

/** What a hold carries so that anyone can write its event. */
export type HoldFacts = z.output<typeof factsSchema>;

/** The event of a call whose gateway died: the whole hold counts as spent until an operator has proof. */
export function presumedEvent({ requestId, tenantId, amountNanoUsd, facts }: ExpiredHold): UsageEvent {
  return {
    ...factsSchema.parse(JSON.parse(facts)),
    requestId,
    tenantId,
    attempt: FINAL_ATTEMPT,
    ...NO_TOKENS,
    costNanoUsd: amountNanoUsd,
    status: 'presumed',
    errorCode: null,
    usageSource: 'none',
    latencyMs: 0,
    firstTokenMs: null,
  };
}
