import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { chatErrorToMessages } from './errors.js';
import { invalidAnswer } from './read-answer.js';
import { toStopReason } from './stop-reasons.js';
import { StreamTranslation } from './stream-translation.js';
import { chatUsage, toMessagesUsage, toMessageUsage } from './usage.js';

type Block = Anthropic.RawContentBlockStartEvent['content_block'];
type BlockDelta = Anthropic.RawContentBlockDelta;
type StreamEvent = Anthropic.RawMessageStreamEvent;

const toolCallDelta = z.object({
  index: z.int().nullish(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
});

const choiceDelta = z.object({
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  tool_calls: z.array(toolCallDelta).nullish(),
});

const chunk = z.object({
  id: z.string().nullish(),
  model: z.string().nullish(),
  choices: z.array(z.object({ delta: choiceDelta.nullish(), finish_reason: z.string().nullish() })).nullish(),
  usage: chatUsage.nullish(),
  error: z.unknown().optional(),
});

/** The block that is being written; a tool call is known by its index, or its id where the index is always the same. */
type OpenBlock = { type: 'text' | 'thinking' } | { type: 'tool_use'; callIndex: number; id: string };

const format = (event: StreamEvent): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/**
 * Translates OpenAI's chunks into an Anthropic stream, one block after the other. The stop reason and the usage wait
 * for `[DONE]`: OpenAI reports the usage after the finish reason, Anthropic with it.
 */
export class ChatToMessagesStream extends StreamTranslation {
  #hasStarted = false;
  #open: OpenBlock | undefined;
  #blockIndex = -1;
  #finishReason: string | null | undefined;
  #usage: z.output<typeof chatUsage> | undefined;
  #hasToolCalls = false;
  #isRefusal = false;

  protected translate(data: string): string {
    if (data === '[DONE]') return this.#finish();
    const parsed = chunk.parse(JSON.parse(data));
    if (parsed.error != null) return this.fail(parsed);
    this.#usage = parsed.usage ?? this.#usage;
    const [choice] = parsed.choices ?? [];
    if (!choice) return ''; // A usage chunk, or what Azure says of the prompt.
    const start = this.#start(parsed);
    this.#finishReason = choice.finish_reason ?? this.#finishReason;
    return start + this.#add(choice.delta ?? {});
  }

  protected errorEvent(body: unknown): string {
    return `event: error\ndata: ${JSON.stringify(chatErrorToMessages(body))}\n\n`;
  }

  #start({ id, model }: z.output<typeof chunk>): string {
    if (this.#hasStarted) return '';
    if (id == null || model == null) throw invalidAnswer();
    this.#hasStarted = true;
    const message: Anthropic.Message = {
      id,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      container: null,
      diagnostics: null,
      stop_details: null,
      stop_reason: null,
      stop_sequence: null,
      usage: toMessageUsage(undefined),
    };
    return format({ type: 'message_start', message });
  }

  #add(delta: z.output<typeof choiceDelta>): string {
    const { reasoning_content: thinking, content, refusal, tool_calls: calls } = delta;
    let events = '';
    if (thinking) {
      events += this.#ensure('thinking', { type: 'thinking', thinking: '', signature: '' });
      events += this.#delta({ type: 'thinking_delta', thinking });
    }
    for (const text of [content, refusal].filter(Boolean) as string[]) {
      events += this.#ensure('text', { type: 'text', text: '', citations: null });
      events += this.#delta({ type: 'text_delta', text });
    }
    if (refusal) this.#isRefusal = true;
    for (const call of calls ?? []) events += this.#addToCall(call);
    return events;
  }

  #addToCall({ index, id, function: called }: z.output<typeof toolCallDelta>): string {
    const callIndex = index ?? 0;
    const open = this.#open?.type === 'tool_use' ? this.#open : undefined;
    const isSame = open?.callIndex === callIndex && (!id || id === open.id);
    let events = isSame ? '' : this.#startCall(callIndex, id, called?.name);
    const text = called?.arguments;
    if (text) events += this.#delta({ type: 'input_json_delta', partial_json: text });
    return events;
  }

  #startCall(callIndex: number, id: string | null | undefined, name: string | null | undefined): string {
    // Also what goes on with a call that is already closed: Anthropic's blocks follow each other.
    if (!id || !name) throw invalidAnswer();
    this.#hasToolCalls = true;
    const block: Block = { type: 'tool_use', id, name, input: {}, caller: { type: 'direct' } };
    return this.#startBlock({ type: 'tool_use', callIndex, id }, block);
  }

  #ensure(type: 'text' | 'thinking', block: Block): string {
    return this.#open?.type === type ? '' : this.#startBlock({ type }, block);
  }

  #startBlock(open: OpenBlock, content_block: Block): string {
    const stop = this.#stopBlock();
    this.#open = open;
    this.#blockIndex += 1;
    return stop + format({ type: 'content_block_start', index: this.#blockIndex, content_block });
  }

  #delta(delta: BlockDelta): string {
    return format({ type: 'content_block_delta', index: this.#blockIndex, delta });
  }

  #stopBlock(): string {
    if (!this.#open) return '';
    this.#open = undefined;
    return format({ type: 'content_block_stop', index: this.#blockIndex });
  }

  #finish(): string {
    if (!this.#hasStarted) throw invalidAnswer();
    const stop_reason = toStopReason(this.#finishReason, {
      hasToolCalls: this.#hasToolCalls,
      isRefusal: this.#isRefusal,
    });
    const stop_details =
      stop_reason === 'refusal' ? ({ type: 'refusal', category: null, explanation: null } as const) : null;
    const delta = { stop_reason, stop_sequence: null, stop_details, container: null };
    const usage = toMessagesUsage(this.#usage);
    return this.complete(
      this.#stopBlock() + format({ type: 'message_delta', delta, usage }) + format({ type: 'message_stop' }),
    );
  }
}
