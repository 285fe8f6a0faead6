import { expect, it } from '@jest/globals';
import { chatToMessages } from '../chat-to-messages.js';
import { messagesToChat } from '../messages-to-chat.js';
import { completionToMessage } from '../answer-to-messages.js';
import { messageToCompletion } from '../answer-to-chat.js';

type Body = Readonly<Record<string, unknown>>;

/** The moment at which every translated completion of the tests was created. */
export const CREATED_AT_SECONDS = 1_780_000_000;
/** The output cap of every translated chat request of the tests. */
export const OUTPUT_CAP = 4096;

/** One call of a client whose model speaks the other wire: the four bodies, whole. */
export interface Exchange {
  readonly title: string;
  readonly request: Body;
  readonly upstreamRequest: Body;
  readonly upstreamAnswer?: Body;
  readonly answer?: Body;
}

/** A case per exchange of an OpenAI client with Claude. */
export function itServesOpenaiClients(exchanges: readonly Exchange[]): void {
  it.each(exchanges)('serves an OpenAI client: $title', (exchange) => {
    expect(chatToMessages(exchange.request, OUTPUT_CAP)).toStrictEqual(exchange.upstreamRequest);
    if (exchange.upstreamAnswer)
      expect(messageToCompletion(exchange.upstreamAnswer, CREATED_AT_SECONDS)).toStrictEqual(exchange.answer);
  });
}

/** A case per exchange of an Anthropic client with a model on OpenAI's wire. */
export function itServesAnthropicClients(exchanges: readonly Exchange[]): void {
  it.each(exchanges)('serves an Anthropic client: $title', (exchange) => {
    expect(messagesToChat(exchange.request)).toStrictEqual(exchange.upstreamRequest);
    if (exchange.upstreamAnswer)
      expect(completionToMessage(exchange.upstreamAnswer)).toStrictEqual(exchange.answer);
  });
}
