import type { WireProtocol } from '../../wire/wire-protocol.js';
import { parseChatRequest } from './chat-request.js';
import { ChatStream } from './chat-stream.js';
import { generatedText, parseUsage } from './chat-usage.js';
import { formatChat } from './format-chat.js';
import { boundInputTokens, countableInput } from './input-bound.js';

/** OpenAI's chat completions. */
export const chatProtocol: WireProtocol = {
  wire: 'chat',
  path: '/chat/completions',
  parse: parseChatRequest,
  boundInputTokens,
  countableInput,
  format: formatChat,
  bill(answer) {
    if (!Array.isArray((answer as { choices?: unknown } | null)?.choices)) return undefined;
    const usage = parseUsage((answer as { usage?: unknown }).usage);
    return usage ? { kind: 'reported', usage } : { kind: 'counted', text: generatedText(answer) };
  },
  watch: (request) => new ChatStream(!request.wantsUsage),
};
