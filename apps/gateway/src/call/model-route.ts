import {
  chatProtocol,
  countTokensProtocol,
  embeddingsProtocol,
  messagesProtocol,
  responsesProtocol,
  type WireProtocol,
} from '@tollgate/adapters';
import { anthropicErrors, openaiErrors, responsesErrors, type ErrorFormat } from '@tollgate/http';

/** What a route for model calls speaks. */
export interface ModelRoute {
  readonly protocol: WireProtocol;
  readonly errors: ErrorFormat;
  /** Where this wire's clients look for the request's id, beside `x-request-id`. */
  readonly requestIdHeader?: string;
}

/** A line for each route. */
export const MODEL_ROUTES = {
  chat: { protocol: chatProtocol, errors: openaiErrors },
  responses: { protocol: responsesProtocol, errors: responsesErrors },
  embeddings: { protocol: embeddingsProtocol, errors: openaiErrors },
  messages: { protocol: messagesProtocol, errors: anthropicErrors, requestIdHeader: 'request-id' },
  countTokens: { protocol: countTokensProtocol, errors: anthropicErrors, requestIdHeader: 'request-id' },
} satisfies Record<string, ModelRoute>;
