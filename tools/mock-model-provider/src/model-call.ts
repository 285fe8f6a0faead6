import type { Wire } from './wire.js';

/** The facts of a model call that decide its answer. */
export interface ModelCall {
  readonly wire: Wire;
  readonly model: string;
  readonly isStream: boolean;
  /** OpenAI `stream_options.include_usage`. */
  readonly includeUsage: boolean;
  /** OpenAI `n`. */
  readonly choiceCount: number;
  /** Limit for each choice. */
  readonly maxTokens: number | undefined;
  readonly messageCount: number;
  /** UTF-16 length of all message text together. */
  readonly textLength: number;
  /** The request has tools the model is free to call. */
  readonly offersTools: boolean;
  /** The last message hands a tool's result to the model. */
  readonly endsWithToolResult: boolean;
}

/** Why a request body is not a call the provider accepts (HTTP 400). */
export interface CallProblem {
  readonly message: string;
  readonly param: string | null;
}
