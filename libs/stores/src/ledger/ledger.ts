import type { ScopeTotal, ScopeWindow, TotalsReader } from './scope-total.js';
import type { UsageEvent } from './usage-event.js';

/** What one agent spent on one model in a month. */
export interface UsageLine {
  readonly agentId: string | null;
  readonly model: string;
  /** Requests that ended there; the tries before an end are no calls of their own. */
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: number;
}

/** A budget threshold that was reached. */
export interface AlertMark extends ScopeWindow {
  readonly tenantId: string;
  readonly thresholdPercent: number;
  /** The budget then, and what was spent of it; they are told to those who are alerted. */
  readonly limitNanoUsd?: number;
  readonly spentNanoUsd?: number;
}

/** The truth about spend: every upstream call that may have been billed, exactly once, and the totals over them. */
export abstract class Ledger implements TotalsReader {
  /**
   * Makes events durable, all or none, and answers the totals of every window they count in, no older than these
   * events. An event that is already there is left alone, but a real one takes the place of a presumed one.
   */
  abstract append(events: readonly UsageEvent[]): Promise<ScopeTotal[]>;
  abstract readTotals(tenantId: string, windows: readonly ScopeWindow[]): Promise<ScopeTotal[]>;
  /** The events of one request: its end (attempt 0) first, if it is there, then its earlier tries; at most a handful. */
  abstract listEvents(requestId: string): Promise<UsageEvent[]>;
  /** A tenant's month by agent and model, dearest first, at most 1,000 lines. */
  abstract readUsage(tenantId: string, month: string): Promise<UsageLine[]>;
  /** Marks an alert as raised, and in the same transaction queues the webhooks that tell of it; false when somebody did so before. */
  abstract markAlert(mark: AlertMark): Promise<boolean>;
  /** Makes room for the events of the months around now. */
  abstract prepareMonths(): Promise<void>;
}
