import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';

type FinishReason = OpenAI.ChatCompletion.Choice['finish_reason'];

const finishReasons: ReadonlyMap<string, FinishReason> = new Map<Anthropic.StopReason, FinishReason>([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['pause_turn', 'length'], // The turn is not complete; OpenAI has no other word for that.
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
]);

const stopReasons: ReadonlyMap<string, Anthropic.StopReason> = new Map<FinishReason, Anthropic.StopReason>([
  ['stop', 'end_turn'],
  ['length', 'max_tokens'],
  ['tool_calls', 'tool_use'],
  ['function_call', 'tool_use'],
  ['content_filter', 'refusal'],
]);

/** Why the model stopped, in OpenAI's words. A reason that is yet unknown counts as an ordinary end. */
export function toFinishReason(stopReason: string | null | undefined): FinishReason {
  return finishReasons.get(stopReason ?? '') ?? 'stop';
}

/** What an answer of OpenAI's wire held, as far as it decides on the stop reason. */
export interface AnswerTraits {
  readonly hasToolCalls: boolean;
  /** Whether the model refused in words, which OpenAI finishes with `stop`. */
  readonly isRefusal: boolean;
}

/** Why the model stopped, in Anthropic's words. A call that was forced by name finishes with `stop` at OpenAI. */
export function toStopReason(
  finishReason: string | null | undefined,
  { hasToolCalls, isRefusal }: AnswerTraits,
): Anthropic.StopReason {
  const reason = stopReasons.get(finishReason ?? '') ?? 'end_turn';
  if (reason !== 'end_turn') return reason;
  return isRefusal ? 'refusal' : hasToolCalls ? 'tool_use' : reason;
}
