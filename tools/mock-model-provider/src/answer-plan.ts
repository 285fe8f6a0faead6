import type { TokenUsage } from './token-usage.js';

/** One token of an answer: a piece of text, the head of a tool call, or a piece of its arguments. */
export type AnswerPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool-start'; readonly toolIndex: number; readonly name: string }
  | { readonly kind: 'tool-arguments'; readonly toolIndex: number; readonly text: string };

/** Why a choice ends. */
export type FinishKind = 'stop' | 'length' | 'tool-calls';

/** An answer as the mock model generated it, before it is put on a wire. */
export interface AnswerPlan {
  /** The pieces of one choice; all choices are alike. */
  readonly pieces: readonly AnswerPiece[];
  readonly choiceCount: number;
  readonly finish: FinishKind;
  /** What is reported and, for a whole answer, billed: the truth unless `wrongUsage` is asked for. */
  readonly usage: TokenUsage;
  readonly omitUsage: boolean;
}

/** The text of one choice. */
export function textOf(pieces: readonly AnswerPiece[]): string {
  let text = '';
  for (const piece of pieces) if (piece.kind === 'text') text += piece.text;
  return text;
}
