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
}

/** A line for each route. */
export const MODEL_ROUTES = {
  chat: { protocol: chatProtocol, errors: openaiErrors },
  responses: { protocol: responsesProtocol, errors: responsesErrors },
  embeddings: { protocol: embeddingsProtocol, errors: openaiErrors },
  messages: { protocol: messagesProtocol, errors: anthropicErrors },
  countTokens: { protocol: countTokensProtocol, errors: anthropicErrors },
} satisfies Record<string, ModelRoute>;
