import { textOf, type AnswerPiece, type AnswerPlan } from './answer-plan.js';
import { openAiErrorBody } from './openai-error.js';
import { PieceCache } from './piece-cache.js';
import type { TokenUsage } from './token-usage.js';
import { idTail, type ResponseIdentity, type StreamFrame, type WireRenderer } from './wire-renderer.js';

const FINISH_REASON = { stop: 'stop', length: 'length', 'tool-calls': 'tool_calls' } as const;
const TIER = '"service_tier":"default","system_fingerprint":"fp_mock000001"';
const DONE: StreamFrame = { text: 'data: [DONE]\n\n', tokens: 0, content: '' };

function usageJson(usage: TokenUsage): string {
  return (
    `{"prompt_tokens":${usage.inputTokens},"completion_tokens":${usage.outputTokens}` +
    `,"total_tokens":${usage.inputTokens + usage.outputTokens}` +
    `,"prompt_tokens_details":{"cached_tokens":${usage.cachedInputTokens},"audio_tokens":0}` +
    ',"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0' +
    ',"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}'
  );
}

function toolCallId(identity: ResponseIdentity, choice: number, toolIndex: number): string {
  return `call_${idTail(identity.sequence)}${choice}x${toolIndex}`;
}

function toolCallsOf(pieces: readonly AnswerPiece[], identity: ResponseIdentity, choice: number): unknown[] {
  return pieces.flatMap((start) => {
    if (start.kind !== 'tool-start') return [];
    let text = '';
    for (const piece of pieces) {
      if (piece.kind === 'tool-arguments' && piece.toolIndex === start.toolIndex) text += piece.text;
    }
    const id = toolCallId(identity, choice, start.toolIndex);
    return [{ id, type: 'function', function: { name: start.name, arguments: text } }];
  });
}

function choicesJson(plan: AnswerPlan, identity: ResponseIdentity): string {
  const choices = Array.from({ length: plan.choiceCount }, (_, index) => {
    const toolCalls = toolCallsOf(plan.pieces, identity, index);
    const said =
      toolCalls.length > 0 ? { content: null, tool_calls: toolCalls } : { content: textOf(plan.pieces) };
    return {
      index,
      message: { role: 'assistant', ...said, refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: FINISH_REASON[plan.finish],
    };
  });
  return JSON.stringify(choices);
}

function deltaOf(piece: AnswerPiece, identity: ResponseIdentity, choice: number): unknown {
  if (piece.kind === 'text') return { content: piece.text };
  const index = piece.toolIndex;
  if (piece.kind === 'tool-arguments')
    return { tool_calls: [{ index, function: { arguments: piece.text } }] };
  const id = toolCallId(identity, choice, index);
  return { tool_calls: [{ index, id, type: 'function', function: { name: piece.name, arguments: '' } }] };
}

// The part of an event behind what is the same in all events of one response.
function choiceFrame(index: number, delta: unknown, finishReason: string | null, usagePart: string): string {
  const choice = JSON.stringify({ index, delta, logprobs: null, finish_reason: finishReason });
  return `,"choices":[${choice}]${usagePart}}\n\n`;
}

function frameTails(plan: AnswerPlan, identity: ResponseIdentity, usagePart: string): readonly StreamFrame[] {
  const { pieces, choiceCount } = plan;
  const frames: StreamFrame[] = [];
  const callsTools = pieces[0] !== undefined && pieces[0].kind !== 'text';
  const opening = { role: 'assistant', content: callsTools ? null : '', refusal: null };
  for (let index = 0; index < choiceCount; index += 1) {
    frames.push({ text: choiceFrame(index, opening, null, usagePart), tokens: 0, content: '' });
  }
  for (const piece of pieces) {
    for (let index = 0; index < choiceCount; index += 1) {
      const text = choiceFrame(index, deltaOf(piece, identity, index), null, usagePart);
      frames.push({ text, tokens: 1, content: index === 0 && piece.kind === 'text' ? piece.text : '' });
    }
  }
  for (let index = 0; index < choiceCount; index += 1) {
    frames.push({
      text: choiceFrame(index, {}, FINISH_REASON[plan.finish], usagePart),
      tokens: 0,
      content: '',
    });
  }
  return frames;
}

/** OpenAI's chat completions, plain and streamed (API reference, "Chat Completions"). */
export class OpenAiWire implements WireRenderer {
  readonly requestIdHeader = 'x-request-id';
  readonly #choices = new PieceCache<string>();
  readonly #tails = new PieceCache<readonly StreamFrame[]>();

  /** The `chat.completion` object. */
  plainBody(plan: AnswerPlan, identity: ResponseIdentity): string {
    const key = this.#key(plan, identity);
    const choices = this.#choices.get(plan.pieces, key, () => choicesJson(plan, identity));
    const usage = plan.omitUsage ? '' : `"usage":${usageJson(plan.usage)},`;
    return `${this.#opening(identity, 'chat.completion')},"choices":${choices},${usage}${TIER}}`;
  }

  /** The `chat.completion.chunk` events; with usage asked for, each has a `usage` and one more has the counts. */
  streamFrames(plan: AnswerPlan, identity: ResponseIdentity, includeUsage: boolean): readonly StreamFrame[] {
    const withUsage = includeUsage && !plan.omitUsage;
    const opening = `data: ${this.#opening(identity, 'chat.completion.chunk')},${TIER}`;
    const tails = this.#tails.get(plan.pieces, `${this.#key(plan, identity)}/${withUsage}`, () =>
      frameTails(plan, identity, withUsage ? ',"usage":null' : ''),
    );
    const frames: StreamFrame[] = [];
    for (const { text, tokens, content } of tails) frames.push({ text: opening + text, tokens, content });
    if (withUsage) {
      const text = `${opening},"choices":[],"usage":${usageJson(plan.usage)}}\n\n`;
      frames.push({ text, tokens: 0, content: '' });
    }
    frames.push(DONE);
    return frames;
  }

  /** OpenAI's `{ error: { message, type, param, code } }`. */
  errorBody = openAiErrorBody;

  #opening(identity: ResponseIdentity, object: string): string {
    const model = JSON.stringify(identity.model);
    const id = `chatcmpl-${idTail(identity.sequence)}`;
    return `{"id":"${id}","object":"${object}","created":${identity.createdSeconds},"model":${model}`;
  }

  // Tool calls carry ids of their own response, so their rendering must not be shared between responses.
  #key(plan: AnswerPlan, identity: ResponseIdentity): string {
    const isShared = plan.pieces[0]?.kind === 'text' || plan.pieces.length === 0;
    return `${plan.choiceCount}/${plan.finish}/${isShared ? '' : identity.sequence}`;
  }
}
