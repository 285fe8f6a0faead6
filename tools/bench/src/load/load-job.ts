/** Where requests go. */
export interface Target {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What a request is: a chat completion, a step that an agent saves (PUT) and reads back (GET) in turn, or the reading of
 * archived runs, each once.
 */
export type RequestKind = 'plain' | 'stream' | 'checkpoint' | 'archived';

/** A number of requests over a number of connections. */
export interface LoadJob {
  readonly type: 'load';
  readonly target: Target;
  readonly kind: RequestKind;
  readonly requests: number;
  readonly connections: number;
  /** Requests start at this pace, whether answers come or not; latencies count from when they were due. Unset: as fast as answers come. */
  readonly perSecond?: number;
  /** No new request starts after that. */
  readonly timeLimitMs: number;
}

/** Streams that are opened, and kept open until `ReleaseJob`. */
export interface HoldJob {
  readonly type: 'hold';
  readonly target: Target;
  readonly streams: number;
}

/** Hangs up on all held streams. */
export interface ReleaseJob {
  readonly type: 'release';
}

/** What the load generator can be asked to do, one thing at a time. */
export type GeneratorJob = LoadJob | HoldJob | ReleaseJob;

/** What came of a load. */
export interface LoadResult {
  /** Answers with status 200 that were complete. */
  readonly completed: number;
  /** Every other outcome, by what happened. */
  readonly problems: Readonly<Record<string, number>>;
  /** From the start of a request to the first byte of its body, of all completed ones, in ms. */
  readonly firstByteMs: readonly number[];
  /** From the start of a request to the last byte of its answer, of all completed ones, in ms. */
  readonly totalMs: readonly number[];
}

/** What came of holding or releasing streams. */
export interface HoldResult {
  readonly open: number;
  readonly problems: Readonly<Record<string, number>>;
}

/** What the load generator answers. */
export type GeneratorAnswer =
  | { readonly type: 'done'; readonly result: LoadResult | HoldResult }
  | { readonly type: 'failed'; readonly message: string };
