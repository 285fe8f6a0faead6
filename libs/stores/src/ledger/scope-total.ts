/** Names one running total of a tenant. */
export interface ScopeWindow {
  /** `t` (tenant), `a:<agent>`, `k:<key>` or `r:<run>`: unique inside the tenant. */
  readonly scope: string;
  /** `2026-11` for monthly windows, `total` for runs. */
  readonly window: string;
}

/**
 * What the ledger says has been spent in one window. `version` grows with every change of the row, so that whoever
 * keeps a copy can tell an older total from a newer one, also when a correction lowered it. A window that was
 * never touched has total 0 and version 0.
 */
export interface ScopeTotal extends ScopeWindow {
  readonly tenantId: string;
  readonly totalNanoUsd: number;
  readonly version: number;
}

/** Reads the ledger's totals; the answer has one entry for each window asked, in the same order. */
export interface TotalsReader {
  readTotals(tenantId: string, windows: readonly ScopeWindow[]): Promise<ScopeTotal[]>;
}
