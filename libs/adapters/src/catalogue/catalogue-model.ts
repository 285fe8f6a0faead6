import type { Price } from '@tollgate/domain';

/** What Tollgate knows about a model. */
export interface CatalogueModel {
  /** The name that clients, the ledger and the metrics use. */
  readonly id: string;
  /** What the model provider calls it. */
  readonly upstreamId: string;
  /** Which adapter serves it: `openai`, `anthropic`, … */
  readonly modelProvider: string;
  /** Tokens of input and output together; undefined when unknown. */
  readonly contextWindow: number | undefined;
  /** The most output tokens of one choice; undefined when unknown. */
  readonly maxOutputTokens: number | undefined;
  /** Undefined when no price is known: such a model is not callable in strict mode. */
  readonly price: Price | undefined;
  /** Which price list it comes from, for the ledger. */
  readonly priceVersion: string;
}
