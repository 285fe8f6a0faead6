/** One line of an invoice: what one agent used of one model, in the invoice's month or as the change of an earlier one. */
export interface InvoiceLine {
  /** `adjustment`: what has changed in a month since its invoice was closed, as a debit or, below 0, a credit. */
  readonly kind: 'usage' | 'adjustment';
  /** The month that the calls were made in. */
  readonly month: string;
  readonly agentId: string | null;
  readonly model: string;
  /** Requests that ended there. */
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: number;
  /** Of an adjustment: what the corrections say that were made meanwhile, at most 20. */
  readonly reasons: readonly string[];
}

/** What an invoice says; of a closed one, exactly this was hashed. */
export interface InvoiceContent {
  readonly tenantId: string;
  readonly month: string;
  /** Usage by agent and model, then adjustments by month, agent and model. */
  readonly lines: readonly InvoiceLine[];
  /** The sum of the lines. */
  readonly totalNanoUsd: number;
}

/** A tenant's invoice of a month: as it would be closed at this moment, or closed for ever. */
export type Invoice = InvoiceContent &
  (
    | { readonly status: 'draft' }
    | {
        readonly status: 'closed';
        /** ms since the epoch. */
        readonly closedAtMs: number;
        readonly closedBy: string;
        /** SHA-256 of the stored content, lower-case hex. */
        readonly contentSha256: string;
      }
  );

/** The sum of lines of a kind, in nano-USD. */
export function sumOf(lines: readonly InvoiceLine[], kind?: InvoiceLine['kind']): number {
  return lines.reduce(
    (sum, line) => (kind === undefined || line.kind === kind ? sum + line.costNanoUsd : sum),
    0,
  );
}
