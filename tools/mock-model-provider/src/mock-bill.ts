import type { TokenUsage } from './token-usage.js';

/**
 * How a call ended: `completed` = the whole answer was handed to the socket; `aborted` = text was generated but
 * the client did not get a whole, well-formed answer; `failed` = nothing was generated, nothing is billed.
 */
export type ServedStatus = 'completed' | 'aborted' | 'failed';

/** What the mock served and bills for one request id. */
export interface ServedCall extends TokenUsage {
  readonly requestId: string;
  readonly model: string;
  /** Status of the last attempt. */
  readonly status: ServedStatus;
  /** Text of choice 0 the last attempt wrote (plain: generated); tool arguments are not part of it. */
  readonly streamedContent: string;
  /** Calls made under this request id; the token counts are their sum. */
  readonly attempts: number;
}

/** Sums of everything served since the start or the last reset; calls still open are not in it. */
export interface MockBill extends TokenUsage {
  /** All model calls that have ended, failed ones included. */
  readonly calls: number;
  readonly byStatus: Readonly<Record<ServedStatus, number>>;
  /** Empty with `record: 'totals'`; else the most recent request ids, see `servedCallLimit`. */
  readonly byRequest: ReadonlyMap<string, ServedCall>;
}
