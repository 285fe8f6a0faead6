import type { StreamTranslation } from '../stream-translation.js';
import { MESSAGES_USAGE, message } from './answers.js';

type Json = Record<string, unknown>;

/** The bytes of Anthropic's events. */
export function messagesEvents(...events: readonly Json[]): string {
  return events
    .map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
}

/** The bytes of OpenAI's chunks. */
export function chatEvents(...chunks: readonly Json[]): string {
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');
}

/** How OpenAI ends every stream. */
export const DONE = 'data: [DONE]\n\n';

/** Feeds whole events to a translation and answers all that comes out of it, its end included. */
export function translateStream(translation: StreamTranslation, events: string): string {
  return Buffer.concat([translation.feed(Buffer.from(events)), translation.end()]).toString();
}

/** The event with which an Anthropic stream starts. */
export function messageStart(more: object = {}): Json {
  const usage = { ...(message([])['usage'] as object), output_tokens: 1 };
  return { type: 'message_start', message: message([], { stop_reason: null, usage, ...more }) };
}

/** The events of one block of an Anthropic stream. */
export function block(index: number, content_block: object, ...deltas: readonly object[]): Json[] {
  return [
    { type: 'content_block_start', index, content_block },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

/** The events of a text block. */
export function textEvents(index: number, ...texts: readonly string[]): Json[] {
  const deltas = texts.map((text) => ({ type: 'text_delta', text }));
  return block(index, { type: 'text', text: '', citations: null }, ...deltas);
}

/** The events with which an Anthropic stream ends. */
export function messageEnd(stop_reason: string, usage: object = MESSAGES_USAGE, more: object = {}): Json[] {
  const delta = { stop_reason, stop_sequence: null, stop_details: null, container: null, ...more };
  return [{ type: 'message_delta', delta, usage }, { type: 'message_stop' }];
}
