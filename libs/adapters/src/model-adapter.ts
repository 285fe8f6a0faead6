import type { TokenUsage, TollgateError } from '@tollgate/domain';
import type { Cancellation } from './cancellation.js';
import type { CatalogueModel } from './catalogue/catalogue-model.js';
import type { ModelRequest, Wire } from './model-request.js';

/** One upstream call. */
export interface ModelCall {
  /** Sent along as `x-client-request-id`, so that both sides' records can be compared. */
  readonly requestId: string;
  readonly model: CatalogueModel;
  readonly request: ModelRequest;
  /** The cap on the output tokens of one choice that the model provider must keep. */
  readonly outputCap: number;
  /** Ends the upstream call at once. */
  readonly cancellation: Cancellation;
}

/**
 * What a call cost, as far as the adapter knows: nothing; what the model provider reported; the text to count when
 * it reported nothing (with the input's usage where that came); or unknown, when a request was sent whose answer nobody saw.
 */
export type Billing =
  | { readonly kind: 'none' }
  | { readonly kind: 'reported'; readonly usage: TokenUsage }
  | { readonly kind: 'counted'; readonly text: string; readonly input?: TokenUsage }
  | { readonly kind: 'unknown' };

/** How an upstream call ended; failing and being aborted are results too, since both can cost money. */
export interface CallOutcome {
  readonly status: 'completed' | 'aborted' | 'failed';
  readonly billing: Billing;
  /** Why it failed. */
  readonly error?: TollgateError;
  /** Whether the client has already got an error event at the end of its stream. */
  readonly isErrorSent?: boolean;
  /** The model provider's own words about a refused request, to be passed on with its status. */
  readonly refusal?: { readonly status: number; readonly body: Buffer };
}

/** A plain call's outcome; the body is there when it completed. */
export interface Completion extends CallOutcome {
  readonly body?: Buffer;
}

/** Where a stream goes. */
export interface StreamSink {
  /**
   * Takes whole server-sent events.
   * @returns false when the client is slower than the model provider: nothing more comes until `resume` is called
   */
  write(events: Buffer, resume: () => void): boolean;
}

/** The input of a request as texts to count, and what the model provider adds to their tokens. */
export interface CountableInput {
  readonly texts: readonly string[];
  /** What it bills for framing, images and audio, as far as it is documented. */
  readonly overheadTokens: number;
  /** What must be added for an upper bound; infinite when the input has parts that cannot be counted. */
  readonly marginTokens: number;
  /** How many of the model's tokens one counted token may be; 1 where the model's own encoding is counted. */
  readonly tokenFactor: number;
}

/** Makes calls to one model provider. Never throws for what upstream does. */
export abstract class ModelAdapter {
  abstract readonly modelProvider: string;
  /** Whether requests of a wire can be sent to it. */
  abstract speaks(wire: Wire): boolean;
  /** The most input tokens a request can have, without tokenising; may be many times too high, never too low. */
  abstract boundInputTokens(request: ModelRequest, model: CatalogueModel, outputCap: number): number;
  /** What to count for exact input tokens. */
  abstract countableInput(request: ModelRequest): CountableInput;
  abstract complete(call: ModelCall): Promise<Completion>;
  /** Writes the answer's events to the sink as they come; the first write means that the model provider accepted. */
  abstract stream(call: ModelCall, sink: StreamSink): Promise<CallOutcome>;
  /** Waits for nothing; cuts what is left. */
  abstract close(): Promise<void>;
}
