/** One tool call the mock model makes. */
export interface MockToolCall {
  readonly name: string;
  /** JSON text as the model would write it (may be broken on purpose), or an object to be written as JSON. */
  readonly arguments: string | Readonly<Record<string, unknown>>;
}

/** Token counts the mock reports (and bills) in place of the true ones. */
export interface WrongUsage {
  readonly promptTokens?: number;
  readonly completionTokens?: number;
}

/** What the body of an error status looks like. */
export type ErrorBodyKind = 'json' | 'html' | 'empty' | 'garbage';

/** How the body of a 200 answer is spoilt. */
export type GarbageKind = 'html' | 'not-json' | 'truncated-json' | 'empty' | 'half-event' | 'binary';

/** How the mock answers a call; JSON-serialisable, every field optional, fields not given come from the defaults. */
export interface MockBehaviour {
  /** Wait before the response head. */
  readonly latencyMs?: number;
  /** Stream: wait between the head and the first SSE event. */
  readonly firstChunkDelayMs?: number;
  /** Stream: wait between one socket write that holds content and the next. */
  readonly chunkDelayMs?: number;
  /** Content chunks (= completion tokens) to generate for each choice; default 20. */
  readonly chunks?: number;
  /** Pad each generated word to this many bytes; words are never shortened. */
  readonly chunkBytes?: number;
  /** Answer this text in place of generated words, in pieces of 4 characters, one token each. */
  readonly content?: string;
  /** Call these tools when the request offers tools and its last message is not a tool's result. */
  readonly toolCalls?: readonly MockToolCall[];
  /** True prompt tokens, cached ones included; by default counted from the message text. */
  readonly promptTokens?: number;
  /** The part of the prompt tokens that was read from the prompt cache. */
  readonly cachedTokens?: number;
  /** Answer with this HTTP error status (400 to 599); bills nothing. */
  readonly status?: number;
  /** Error `code` (OpenAI) or `type` (Anthropic) in place of the status's usual one. */
  readonly errorCode?: string;
  /** `retry-after` header of an error answer. */
  readonly retryAfterSeconds?: number;
  /** Body of an error answer; default `json`, the wire's own envelope. */
  readonly errorBody?: ErrorBodyKind;
  /** Stream: close the socket right after this many content chunks. */
  readonly cutAfterChunks?: number;
  /** Send the head, then close the socket. */
  readonly cutBeforeBody?: boolean;
  /** Leave `usage` out of the answer, even when the request asks for it. */
  readonly omitUsage?: boolean;
  /** Report these token counts in place of the true ones; the bill counts them too. */
  readonly wrongUsage?: WrongUsage;
  /** Spoil the body of a 200 answer. */
  readonly garbage?: GarbageKind;
  /** Plain: declare a `content-length` shorter or longer than the body. */
  readonly wrongContentLength?: 'short' | 'long';
  /** Accept the call and never answer; bills nothing. */
  readonly silent?: boolean;
  /** Stream: go silent for ever after this many content chunks. */
  readonly stallAfterChunks?: number;
  /** Stream: SSE events per socket write; default 1. */
  readonly coalesce?: number;
  /** Stream: cut the byte stream into writes of this many bytes, so that events straddle reads; overrides `coalesce`. */
  readonly splitBytes?: number;
  /** Stream: end SSE lines with CR LF in place of LF. */
  readonly crlf?: boolean;
  /** Chaos: share (0 to 1) of calls answered with 429, 500 or 503. */
  readonly failRate?: number;
  /** Chaos: share of calls whose socket is closed in mid-stream (plain: before the body). */
  readonly cutRate?: number;
  /** Chaos: share of calls that go silent in mid-stream (plain: before the head). */
  readonly stallRate?: number;
  /** Seed of the chaos draws; default 1. The nth model call since `behave` always gets the nth draw. */
  readonly seed?: number;
}
