/** Why the archive did not do what it was asked to. */
export type ArchiveFailure =
  /** There is no such object. */
  | 'missing'
  /** Another object has this key. */
  | 'exists'
  /** The credentials are wrong, or may not do this (401, 403): nothing will work until an operator has looked. */
  | 'denied'
  /** The archive answered with other bytes than it must have. */
  | 'corrupt'
  /** Not reachable, too slow, overloaded or out of order: may work later. */
  | 'unavailable'
  /** The request itself is not accepted, and will not be. */
  | 'refused'
  /** There is no room left. */
  | 'full';

/** An operation of the archive failed. The message names no key, no endpoint and nothing secret. */
export class ArchiveStoreError extends Error {
  override readonly name = 'ArchiveStoreError';
  /** How long the archive asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly reason: ArchiveFailure,
    message: string,
    details: { readonly cause?: unknown; readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.retryAfterMs = details.retryAfterMs;
  }
}
