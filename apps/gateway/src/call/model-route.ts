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
  readonly path: string;
  readonly protocol: WireProtocol;
  readonly errors: ErrorFormat;
  /** Where this wire's clients look for the request's id, beside `x-request-id`. */
  readonly requestIdHeader?: string;
}

/** A line for each route. */
export const MODEL_ROUTES = {
  chat: { path: '/v1/chat/completions', protocol: chatProtocol, errors: openaiErrors },
  responses: { path: '/v1/responses', protocol: responsesProtocol, errors: responsesErrors },
  embeddings: { path: '/v1/embeddings', protocol: embeddingsProtocol, errors: openaiErrors },
  messages: {
    path: '/v1/messages',
    protocol: messagesProtocol,
    errors: anthropicErrors,
    requestIdHeader: 'request-id',
  },
  countTokens: {
    path: '/v1/messages/count_tokens',
    protocol: countTokensProtocol,
    errors: anthropicErrors,
    requestIdHeader: 'request-id',
  },
} satisfies Record<string, ModelRoute>;
