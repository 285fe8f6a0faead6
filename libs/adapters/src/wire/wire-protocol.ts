import type { IncomingHttpHeaders } from 'node:http';
import type { CatalogueModel } from '../catalogue/catalogue-model.js';
import type { Billing, CountableInput, ModelCall } from '../model-adapter.js';
import type { ModelRequest, Wire } from '../model-request.js';

/** Watches a stream of answer events pass. */
export interface StreamWatcher {
  /** Takes whole events and answers what of them the client gets, in one piece or more. */
  pass(events: Buffer): readonly Buffer[];
  /** Whether the model provider said that the answer is complete. */
  readonly done: boolean;
  /** What the stream cost so far. */
  readonly billing: Billing;
}

/** What Tollgate understands of a wire: enough to bound, cap and bill a call. */
export interface WireProtocol {
  readonly wire: Wire;
  /** Under the model provider's base URL. */
  readonly path: string;
  /** @throws TollgateError `invalid_json`, `invalid_request` or `parameter_not_supported`; `param` names the parameter */
  parse(bytes: Buffer, headers: IncomingHttpHeaders): ModelRequest;
  /** The most input tokens a request can have, without tokenising; may be many times too high, never too low. */
  boundInputTokens(request: ModelRequest, model: CatalogueModel): number;
  /** What to count for exact input tokens. */
  countableInput(request: ModelRequest): CountableInput;
  /** The body for the model provider: the client's own bytes wherever nothing must change. */
  format(call: ModelCall): Buffer;
  /** What a whole answer cost; undefined when it is no answer of this wire. */
  bill(answer: unknown): Billing | undefined;
  watch(request: ModelRequest): StreamWatcher;
}
