import { ERROR_CATALOGUE, type ErrorCode, type ErrorKind } from './catalogue.js';

/** One member of a request that is not legal; never its value. */
export interface Violation {
  /** Where it is, as `limits.budget_usd`; empty for the whole. */
  readonly path: string;
  readonly problem: string;
}

/** What an error can say beside its code and message. */
export interface ErrorDetails {
  /** The request parameter or header at fault. */
  readonly param?: string;
  /** How long to wait before trying again. */
  readonly retryAfterMs?: number;
  /** Machine-readable facts that go into the body beside `code`: numbers and names, never a prompt or a secret. */
  readonly facts?: Readonly<Record<string, string | number | null>>;
  /** Everything that is wrong with the request, when more than one thing may be. */
  readonly violations?: readonly Violation[];
  /** Headers of the answer beside those of every error. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What caused it; logged, never sent. */
  readonly cause?: unknown;
}

/** An error with a stable code from the catalogue; its message is safe to send to the client. */
export class TollgateError extends Error {
  override readonly name = 'TollgateError';
  readonly param: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly facts: Readonly<Record<string, string | number | null>>;
  readonly violations: readonly Violation[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.param = details.param;
    this.retryAfterMs = details.retryAfterMs;
    this.facts = details.facts ?? {};
    this.violations = details.violations ?? [];
    this.headers = details.headers ?? {};
  }

  /** How the catalogue says it is answered. */
  get kind(): ErrorKind {
    return ERROR_CATALOGUE[this.code];
  }
}
