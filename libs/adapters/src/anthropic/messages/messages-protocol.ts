import type { ModelCall } from '../../model-adapter.js';
import { withMembers } from '../../wire/with-members.js';
import type { StreamWatcher, WireProtocol } from '../../wire/wire-protocol.js';
import { boundMessagesInput, countableMessages } from './messages-bound.js';
import { parseCountTokensRequest, parseMessagesRequest } from './messages-request.js';
import { MessagesStream } from './messages-stream.js';
import { messagesText, parseMessagesUsage } from './messages-usage.js';

function format({ request, model }: ModelCall): Buffer {
  return withMembers(request, request.model === model.upstreamId ? {} : { model: model.upstreamId });
}

/** Anthropic's messages. */
export const messagesProtocol: WireProtocol = {
  wire: 'messages',
  path: '/v1/messages',
  parse: parseMessagesRequest,
  boundInputTokens: boundMessagesInput,
  countableInput: countableMessages,
  format,
  bill(answer) {
    const { type, usage } = (answer ?? {}) as { type?: unknown; usage?: unknown };
    if (type !== 'message') return undefined;
    const parsed = parseMessagesUsage(usage);
    return parsed ? { kind: 'reported', usage: parsed } : { kind: 'counted', text: messagesText(answer) };
  },
  watch: () => new MessagesStream(),
};

/** Anthropic's token count of a message, which is free. */
export const countTokensProtocol: WireProtocol = {
  wire: 'count-tokens',
  path: '/v1/messages/count_tokens',
  parse: parseCountTokensRequest,
  boundInputTokens: () => 0,
  countableInput: () => ({ texts: [], overheadTokens: 0, marginTokens: 0, tokenFactor: 1 }),
  format,
  bill: (answer) =>
    Number.isInteger((answer as { input_tokens?: unknown } | null)?.input_tokens)
      ? { kind: 'none' }
      : undefined,
  watch: (): StreamWatcher => {
    throw new Error('a token count is no stream');
  },
};
