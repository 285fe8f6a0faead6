import type { AnswerPlan } from './answer-plan.js';

/** What sets one response apart from the next. */
export interface ResponseIdentity {
  /** Number of the call since the start of the mock; all ids are made of it. */
  readonly sequence: number;
  readonly createdSeconds: number;
  readonly model: string;
}

/** One SSE event, or several to be written together. */
export interface StreamFrame {
  readonly text: string;
  /** Completion tokens the event carries. */
  readonly tokens: number;
  /** Text of choice 0 the event carries. */
  readonly content: string;
}

/** An HTTP error to be put in a wire's envelope. */
export interface WireError {
  readonly status: number;
  /** In place of the status's usual message. */
  readonly message?: string;
  /** In place of the status's usual code or type. */
  readonly code?: string;
  readonly param?: string | null;
}

/** Puts planned answers and errors in the form of one provider's protocol. */
export interface WireRenderer {
  /** Name of the response header with the provider's own request id. */
  readonly requestIdHeader: string;
  /** The JSON body of a plain answer. */
  plainBody(plan: AnswerPlan, identity: ResponseIdentity): string;
  /** The SSE events of a stream, in order. */
  streamFrames(plan: AnswerPlan, identity: ResponseIdentity, includeUsage: boolean): readonly StreamFrame[];
  /** The JSON body of an error answer. */
  errorBody(error: WireError, sequence: number): string;
}

/** A number as the tail of an id of fixed length. */
export function idTail(sequence: number): string {
  return `mock${String(sequence).padStart(20, '0')}`;
}
