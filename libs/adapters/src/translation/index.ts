export * from './answer-to-chat.js';
export * from './answer-to-messages.js';
export { chatToMessages, type MessagesRequest } from './chat-to-messages.js';
export * from './errors.js';
export { messagesToChat } from './messages-to-chat.js';
export * from './stream-to-chat.js';
export * from './stream-to-messages.js';
export { StreamTranslation, type StreamState } from './stream-translation.js';
