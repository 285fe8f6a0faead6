/** What is wrong with a pack. */
export type PackFailure =
  /** It ends too early. */
  | 'truncated'
  /** Its bytes are not those that were written. */
  | 'checksum'
  /** It is no pack, or one of a later format. */
  | 'format'
  /** Its manifest does not say what is in it. */
  | 'manifest'
  /** It is another tenant's. */
  | 'foreign';

/** A pack, or a member of one, cannot be trusted: nothing of it may be served. The message holds none of its content. */
export class PackError extends Error {
  override readonly name = 'PackError';

  constructor(
    readonly reason: PackFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
