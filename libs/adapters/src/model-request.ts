/** A request format with its answer: what a route of the gateway speaks, and what a model provider speaks. */
export type Wire = 'chat' | 'messages' | 'count-tokens' | 'responses' | 'embeddings';

/** A model request, as far as Tollgate reads it; all else passes through untouched. */
export interface ModelRequest {
  readonly wire: Wire;
  /** As the client sent it. */
  readonly bytes: Buffer;
  readonly body: Readonly<Record<string, unknown>>;
  /** As the client wrote it: a model, an alias or `auto`. */
  readonly model: string;
  readonly stream: boolean;
  /** Whether the client asked for the usage chunk at the end of its stream (OpenAI's `stream_options`). */
  readonly wantsUsage: boolean;
  /** The client's own cap on the output tokens of one choice. */
  readonly outputCap: number | undefined;
  /** Answers asked for; 0 for a request whose answer has no output tokens. */
  readonly choices: number;
  /** Headers of the client that its model provider must see. */
  readonly headers: Readonly<Record<string, string>>;
}
