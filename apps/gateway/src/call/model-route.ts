import {
  chatProtocol,
  countTokensProtocol,
  embeddingsProtocol,
  messagesProtocol,
  type WireProtocol,
} from '@tollgate/adapters';
import { anthropicErrors, openaiErrors, type ErrorFormat } from '@tollgate/http';

/** What a route for model calls speaks. */
export interface ModelRoute {
  readonly protocol: WireProtocol;
  readonly errors: ErrorFormat;
}

/** A line for each route. */
export const MODEL_ROUTES = {
  chat: { protocol: chatProtocol, errors: openaiErrors },
  embeddings: { protocol: embeddingsProtocol, errors: openaiErrors },
  messages: { protocol: messagesProtocol, errors: anthropicErrors },
  countTokens: { protocol: countTokensProtocol, errors: anthropicErrors },
} satisfies Record<string, ModelRoute>;
