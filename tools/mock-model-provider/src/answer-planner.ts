import type { AnswerPiece, AnswerPlan, FinishKind } from './answer-plan.js';
import type { MockBehaviour, MockToolCall } from './mock-behaviour.js';
import type { ModelCall } from './model-call.js';
import type { TokenUsage } from './token-usage.js';

const DEFAULT_CHUNKS = 20;
const CONTENT_PIECE_CHARACTERS = 4;
const TOOL_PIECE_CHARACTERS = 8;
const CACHED_WORD_LISTS = 256;

function cut(text: string, size: number): readonly string[] {
  // By code point, so that no piece ends inside a surrogate pair.
  const characters = Array.from(text);
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += size) pieces.push(characters.slice(at, at + size).join(''));
  return pieces;
}

function toolPieces(toolCalls: readonly MockToolCall[]): readonly AnswerPiece[] {
  return toolCalls.flatMap((call, toolIndex): readonly AnswerPiece[] => {
    const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
    const parts = cut(text, TOOL_PIECE_CHARACTERS);
    return [
      { kind: 'tool-start', toolIndex, name: call.name },
      ...parts.map((part) => ({ kind: 'tool-arguments', toolIndex, text: part }) as const),
    ];
  });
}

/** Prompt tokens by the mock's rule: a quarter of the text length, rounded up, and 4 for each message. */
export function countPromptTokens(call: ModelCall, behaviour: MockBehaviour): number {
  return behaviour.promptTokens ?? Math.ceil(call.textLength / 4) + 4 * call.messageCount;
}

function usageOf(call: ModelCall, behaviour: MockBehaviour, tokensPerChoice: number): TokenUsage {
  const inputTokens = behaviour.wrongUsage?.promptTokens ?? countPromptTokens(call, behaviour);
  return {
    inputTokens,
    cachedInputTokens: Math.min(behaviour.cachedTokens ?? 0, inputTokens),
    outputTokens: behaviour.wrongUsage?.completionTokens ?? tokensPerChoice * call.choiceCount,
  };
}

/** Decides what the mock model says; the same call and behaviour always give the same answer. */
export class AnswerPlanner {
  readonly #words = new Map<string, readonly AnswerPiece[]>();

  /** Plans the answer to a call; `max_tokens` cuts each choice. */
  plan(call: ModelCall, behaviour: MockBehaviour): AnswerPlan {
    const limit = call.maxTokens ?? Number.MAX_SAFE_INTEGER;
    const { toolCalls, content } = behaviour;
    let pieces: readonly AnswerPiece[];
    let finish: FinishKind = 'stop';
    let whole: number;
    if (toolCalls !== undefined && toolCalls.length > 0 && call.offersTools && !call.endsWithToolResult) {
      const all = toolPieces(toolCalls);
      whole = all.length;
      pieces = all.slice(0, limit);
      finish = 'tool-calls';
    } else if (content !== undefined) {
      const parts = cut(content, CONTENT_PIECE_CHARACTERS);
      whole = parts.length;
      pieces = parts.slice(0, limit).map((text) => ({ kind: 'text', text }));
    } else {
      whole = behaviour.chunks ?? DEFAULT_CHUNKS;
      pieces = this.#wordList(Math.min(whole, limit), behaviour.chunkBytes ?? 0);
    }
    return {
      pieces,
      choiceCount: call.choiceCount,
      finish: whole > limit ? 'length' : finish,
      usage: usageOf(call, behaviour, pieces.length),
      omitUsage: behaviour.omitUsage ?? false,
    };
  }

  // The same array object for the same words: the wires cache what they rendered by it.
  #wordList(count: number, chunkBytes: number): readonly AnswerPiece[] {
    const key = `${count}/${chunkBytes}`;
    const known = this.#words.get(key);
    if (known !== undefined) return known;
    const words = Array.from({ length: count }, (_, index): AnswerPiece => {
      return { kind: 'text', text: `${`word${index + 1}`.padEnd(chunkBytes - 1, 'x')} ` };
    });
    if (this.#words.size >= CACHED_WORD_LISTS) this.#words.clear();
    this.#words.set(key, words);
    return words;
  }
}
