import type OpenAI from 'openai';
import { z } from 'zod';
import { messagesErrorToChat } from './errors.js';
import { invalidAnswer, otherThan } from './read-answer.js';
import { toFinishReason } from './stop-reasons.js';
import { StreamTranslation } from './stream-translation.js';
import { messagesUsage, toChatUsage } from './usage.js';
import { defined } from './wire.js';

/** A piece of a thinking block; clients put the pieces of one index together, as they do with tool calls. */
type ThinkingDelta = { index: number; type: string; thinking?: string; signature?: string; data?: string };
type Delta = OpenAI.ChatCompletionChunk.Choice.Delta & { thinking_blocks?: ThinkingDelta[] };

const event = z.object({ type: z.string() });

const messageStart = z.object({
  message: z.object({ id: z.string(), model: z.string(), usage: messagesUsage }),
});

const blockStart = z.object({
  content_block: z.union([
    z.object({ type: z.literal('text'), text: z.string() }),
    z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string() }),
    z.object({ type: z.literal('redacted_thinking'), data: z.string() }),
    otherThan('text', 'tool_use', 'redacted_thinking'), // A thinking block starts empty.
  ]),
});

const blockDelta = z.object({
  delta: z.union([
    z.object({ type: z.literal('text_delta'), text: z.string() }),
    z.object({ type: z.literal('input_json_delta'), partial_json: z.string() }),
    z.object({ type: z.literal('thinking_delta'), thinking: z.string() }),
    z.object({ type: z.literal('signature_delta'), signature: z.string() }),
    otherThan('text_delta', 'input_json_delta', 'thinking_delta', 'signature_delta'),
  ]),
});

const messageDelta = z.object({
  delta: z.object({
    stop_reason: z.string().nullish(),
    stop_details: z.object({ explanation: z.string().nullish() }).nullish(),
  }),
  usage: messagesUsage.nullish(),
});

/** What the client of a translated stream is told beside the model's words. */
export interface ChatStreamOptions {
  readonly createdAtSeconds: number;
  /** Whether the client asked for the usage chunk. */
  readonly includesUsage: boolean;
}

/**
 * Translates an Anthropic stream into OpenAI's chunks. The finish reason is kept until `message_stop`, so that a
 * stream that was cut never looks finished.
 */
export class MessagesToChatStream extends StreamTranslation {
  #head: { id: string; model: string } | undefined;
  #usage: z.output<typeof messagesUsage> = {};
  #stopReason: string | null | undefined;
  #toolIndex = -1;
  /** Whether the open tool call still lacks arguments. */
  #lacksArguments = false;
  #thinkingIndex = 0;

  constructor(private readonly options: ChatStreamOptions) {
    super();
  }

  protected translate(data: string): string {
    const parsed: unknown = JSON.parse(data);
    switch (event.parse(parsed).type) {
      case 'message_start':
        return this.#start(messageStart.parse(parsed).message);
      case 'content_block_start':
        return this.#startBlock(blockStart.parse(parsed).content_block);
      case 'content_block_delta':
        return this.#addToBlock(blockDelta.parse(parsed).delta);
      case 'content_block_stop':
        return this.#stopBlock();
      case 'message_delta':
        return this.#update(messageDelta.parse(parsed));
      case 'message_stop':
        return this.#finish();
      case 'error':
        return this.fail(parsed);
      default:
        return ''; // A ping, or something that was not yet invented.
    }
  }

  protected errorEvent(body: unknown): string {
    return `data: ${JSON.stringify(messagesErrorToChat(body))}\n\n`;
  }

  #start({ id, model, usage }: z.output<typeof messageStart>['message']): string {
    this.#head = { id, model };
    this.#usage = usage;
    return this.#delta({ role: 'assistant', content: '' });
  }

  #startBlock(block: z.output<typeof blockStart>['content_block']): string {
    switch (block.type) {
      case 'text':
        return this.#text(block.text);
      case 'tool_use': {
        this.#toolIndex += 1;
        this.#lacksArguments = true;
        const { id, name } = block;
        const call = {
          index: this.#toolIndex,
          id,
          type: 'function',
          function: { name, arguments: '' },
        } as const;
        return this.#delta({ tool_calls: [call] });
      }
      case 'redacted_thinking': {
        const { type, data } = block;
        return this.#delta({ thinking_blocks: [{ index: this.#thinkingIndex++, type, data }] });
      }
      case 'other':
        return '';
    }
  }

  #addToBlock(delta: z.output<typeof blockDelta>['delta']): string {
    switch (delta.type) {
      case 'text_delta':
        return this.#text(delta.text);
      case 'input_json_delta':
        return this.#arguments(delta.partial_json);
      case 'thinking_delta':
        return delta.thinking === '' ? '' : this.#thinking(delta.thinking);
      case 'signature_delta': {
        const chunk = this.#thinking('', delta.signature);
        this.#thinkingIndex += 1; // The signature comes last.
        return chunk;
      }
      case 'other':
        return '';
    }
  }

  #stopBlock(): string {
    // A call without parameters has no argument text, and clients would parse the empty string.
    return this.#lacksArguments ? this.#arguments('{}') : '';
  }

  #update({ delta, usage }: z.output<typeof messageDelta>): string {
    this.#stopReason = delta.stop_reason ?? this.#stopReason;
    const reported = Object.entries(usage ?? {}).filter(([, value]) => value !== null);
    this.#usage = { ...this.#usage, ...Object.fromEntries(reported) };
    const explanation = delta.stop_details?.explanation;
    return explanation ? this.#delta({ refusal: explanation }) : '';
  }

  #finish(): string {
    const last = this.#chunk([{ index: 0, delta: {}, finish_reason: toFinishReason(this.#stopReason) }]);
    const usage = this.options.includesUsage ? this.#chunk([], toChatUsage(this.#usage)) : '';
    return this.complete(`${last}${usage}data: [DONE]\n\n`);
  }

  #text(content: string): string {
    return content === '' ? '' : this.#delta({ content });
  }

  #arguments(text: string): string {
    if (text === '') return '';
    this.#lacksArguments = false;
    return this.#delta({ tool_calls: [{ index: this.#toolIndex, function: { arguments: text } }] });
  }

  #thinking(thinking: string, signature?: string): string {
    const piece = defined({ index: this.#thinkingIndex, type: 'thinking', thinking, signature });
    return this.#delta({ thinking_blocks: [piece] });
  }

  #delta(delta: Delta): string {
    return this.#chunk([{ index: 0, delta, finish_reason: null }]);
  }

  #chunk(choices: OpenAI.ChatCompletionChunk.Choice[], usage: OpenAI.CompletionUsage | null = null): string {
    if (!this.#head) throw invalidAnswer();
    const { createdAtSeconds: created, includesUsage } = this.options;
    const { id, model } = this.#head;
    const chunk: OpenAI.ChatCompletionChunk = {
      id,
      object: 'chat.completion.chunk',
      created,
      model,
      choices,
      ...(includesUsage && { usage }),
    };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  }
}
