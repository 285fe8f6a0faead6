import { anthropicErrorBody } from './anthropic-error.js';
import type { AnswerPiece, AnswerPlan } from './answer-plan.js';
import { isJsonObject, parseJson } from './json-value.js';
import { PieceCache } from './piece-cache.js';
import type { TokenUsage } from './token-usage.js';
import { idTail, type ResponseIdentity, type StreamFrame, type WireRenderer } from './wire-renderer.js';

const STOP_REASON = { stop: 'end_turn', length: 'max_tokens', 'tool-calls': 'tool_use' } as const;
// Anthropic's own message_start says 1: a client that adds it to the final count is wrong, and shows it here.
const OUTPUT_TOKENS_AT_START = 1;

interface Block {
  readonly start: AnswerPiece;
  readonly deltas: readonly AnswerPiece[];
}

function eventText(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function frame(name: string, data: unknown, tokens: 0 | 1 = 0, content = ''): StreamFrame {
  return { text: eventText(name, data), tokens, content };
}

// Unlike OpenAI, Anthropic counts cached tokens apart from `input_tokens`.
function inputUsage(usage: TokenUsage): object {
  return {
    input_tokens: usage.inputTokens - usage.cachedInputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cachedInputTokens,
  };
}

function messageUsage(usage: TokenUsage, outputTokens: number): object {
  return {
    ...inputUsage(usage),
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: outputTokens,
    service_tier: 'standard',
  };
}

function blocksOf(pieces: readonly AnswerPiece[]): readonly Block[] {
  const [first] = pieces;
  if (first === undefined) return [];
  if (first.kind === 'text') return [{ start: first, deltas: pieces }];
  return pieces.flatMap((start) => {
    if (start.kind !== 'tool-start') return [];
    const deltas = pieces.filter((p) => p.kind === 'tool-arguments' && p.toolIndex === start.toolIndex);
    return [{ start, deltas }];
  });
}

function toolUse(name: string, identity: ResponseIdentity, index: number, input: unknown): object {
  return { type: 'tool_use', id: `toolu_${idTail(identity.sequence)}x${index}`, name, input };
}

function contentBlock(block: Block, identity: ResponseIdentity, index: number): object {
  let text = '';
  for (const piece of block.deltas) if (piece.kind !== 'tool-start') text += piece.text;
  if (block.start.kind !== 'tool-start') return { type: 'text', text };
  // Arguments that are no JSON object, or were cut by max_tokens, cannot be an input.
  const input = parseJson(text);
  return toolUse(block.start.name, identity, index, isJsonObject(input) ? input : {});
}

function blockFrames(block: Block, identity: ResponseIdentity, index: number): readonly StreamFrame[] {
  const { start } = block;
  const isTool = start.kind === 'tool-start';
  const empty = isTool ? toolUse(start.name, identity, index, {}) : { type: 'text', text: '' };
  const opening = { type: 'content_block_start', index, content_block: empty };
  const frames = [frame('content_block_start', opening, isTool ? 1 : 0)];
  if (index === 0) frames.push(frame('ping', { type: 'ping' }));
  for (const piece of block.deltas) {
    if (piece.kind === 'tool-start') continue;
    const delta = isTool
      ? { type: 'input_json_delta', partial_json: piece.text }
      : { type: 'text_delta', text: piece.text };
    const event = { type: 'content_block_delta', index, delta };
    frames.push(frame('content_block_delta', event, 1, isTool ? '' : piece.text));
  }
  frames.push(frame('content_block_stop', { type: 'content_block_stop', index }));
  return frames;
}

/** Anthropic's messages, plain and streamed (API reference, "Messages" and "Streaming"). */
export class AnthropicWire implements WireRenderer {
  readonly requestIdHeader = 'request-id';
  readonly #bodies = new PieceCache<readonly StreamFrame[]>();

  /** The `message` object. */
  plainBody(plan: AnswerPlan, identity: ResponseIdentity): string {
    return JSON.stringify({
      ...this.#message(identity),
      content: blocksOf(plan.pieces).map((block, index) => contentBlock(block, identity, index)),
      stop_reason: STOP_REASON[plan.finish],
      stop_sequence: null,
      ...(plan.omitUsage ? {} : { usage: messageUsage(plan.usage, plan.usage.outputTokens) }),
    });
  }

  /** The named events from `message_start` to `message_stop`; usage is always reported. */
  streamFrames(plan: AnswerPlan, identity: ResponseIdentity): readonly StreamFrame[] {
    const message = {
      ...this.#message(identity),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      ...(plan.omitUsage ? {} : { usage: messageUsage(plan.usage, OUTPUT_TOKENS_AT_START) }),
    };
    const isShared = plan.pieces[0]?.kind === 'text';
    const body = this.#bodies.get(plan.pieces, isShared ? '' : String(identity.sequence), () =>
      blocksOf(plan.pieces).flatMap((block, index) => blockFrames(block, identity, index)),
    );
    const total = { ...inputUsage(plan.usage), output_tokens: plan.usage.outputTokens };
    return [
      frame('message_start', { type: 'message_start', message }),
      ...body,
      frame('message_delta', {
        type: 'message_delta',
        delta: { stop_reason: STOP_REASON[plan.finish], stop_sequence: null },
        ...(plan.omitUsage ? {} : { usage: total }),
      }),
      frame('message_stop', { type: 'message_stop' }),
    ];
  }

  /** Anthropic's `{ type: 'error', error: { type, message }, request_id }`. */
  errorBody = anthropicErrorBody;

  #message(identity: ResponseIdentity): object {
    const id = `msg_${idTail(identity.sequence)}`;
    return { id, type: 'message', role: 'assistant', model: identity.model };
  }
}
