import { parseMessagesRequest } from '../anthropic/messages/messages-request.js';
import { parseChatRequest } from '../openai/chat/chat-request.js';
import { messageToCompletion } from './answer-to-chat.js';
import { completionToMessage } from './answer-to-messages.js';
import { chatToMessages } from './chat-to-messages.js';
import { chatErrorToMessages, messagesErrorToChat } from './errors.js';
import { messagesToChat } from './messages-to-chat.js';
import { MessagesToChatStream } from './stream-to-chat.js';
import { ChatToMessagesStream } from './stream-to-messages.js';
import type { WireTranslation } from './translated-adapter.js';

const nowSeconds = (): number => Math.floor(Date.now() / 1000);
const toBytes = (body: object): Buffer => Buffer.from(JSON.stringify(body));

const chatOnMessages: WireTranslation = {
  from: 'chat',
  to: 'messages',
  request: ({ body }, model, outputCap) =>
    parseMessagesRequest(toBytes(chatToMessages({ ...body, model: model.upstreamId }, outputCap)), {}),
  answer: (body) => messageToCompletion(body, nowSeconds()),
  refusal: messagesErrorToChat,
  stream: ({ wantsUsage }) =>
    new MessagesToChatStream({ createdAtSeconds: nowSeconds(), includesUsage: wantsUsage }),
};

const messagesOnChat: WireTranslation = {
  from: 'messages',
  to: 'chat',
  request: ({ body }, model) =>
    parseChatRequest(toBytes(messagesToChat({ ...body, model: model.upstreamId }))),
  answer: completionToMessage,
  refusal: chatErrorToMessages,
  stream: () => new ChatToMessagesStream(),
};

/** A line for each pair of wires that can be translated. */
export const WIRE_TRANSLATIONS: readonly WireTranslation[] = [chatOnMessages, messagesOnChat];
