import type { TokenUsage } from '@tollgate/domain';
import type { ScopeWindow } from './scope-total.js';

/** How an upstream call ended. */
export type CallStatus = 'completed' | 'aborted' | 'failed' | 'presumed';

/** Who made a call, in which run, with which key. */
export interface Attribution {
  readonly tenantId: string;
  readonly keyId: string;
  readonly agentId: string | null;
  readonly runId: string | null;
  readonly taskType: string | null;
}

/**
 * The attempt number of the upstream call that ends its request. It is the same for every request, since a sweeper,
 * which writes a presumed event when nobody saw the end, cannot know how many tries came before; the real event must
 * meet the presumed one under the same identity.
 */
export const FINAL_ATTEMPT = 0;

/** Upstream calls that one request makes at most, its last one included: two models, each tried UPSTREAM_MAX_TRIES times. */
export const MAX_TRIES = 20;

/** One upstream call as the ledger keeps it; identified by request id and attempt. */
export interface UsageEvent extends Attribution, TokenUsage {
  /** UUID version 7; its time decides the month that the call is billed in. */
  readonly requestId: string;
  /** FINAL_ATTEMPT for the call that ended the request; 1, 2, 3, … for the tries before it, which failed without cost. */
  readonly attempt: number;
  readonly modelAsked: string;
  readonly model: string;
  readonly modelProvider: string;
  readonly costNanoUsd: number;
  /** Which price list the cost was computed with. */
  readonly priceVersion: string;
  /** `presumed`: nobody saw the end of the call, so the held amount stands until proof comes. */
  readonly status: CallStatus;
  /** The error code of a call that failed. */
  readonly errorCode: string | null;
  /** Where the token counts come from. */
  readonly usageSource: 'reported' | 'counted' | 'none';
  readonly streamed: boolean;
  readonly latencyMs: number;
  readonly firstTokenMs: number | null;
  /** Hash of the tenant settings in force. */
  readonly configHash: string;
}

/** The windows that a call is counted in, by the month of its request id: the tenant's first, then key, agent and run. */
export function windowsOf(attribution: Attribution, month: string): ScopeWindow[] {
  const windows: ScopeWindow[] = [
    { scope: 't', window: month },
    { scope: `k:${attribution.keyId}`, window: month },
  ];
  if (attribution.agentId !== null) windows.push({ scope: `a:${attribution.agentId}`, window: month });
  if (attribution.runId !== null) windows.push({ scope: `r:${attribution.runId}`, window: 'total' });
  return windows;
}
