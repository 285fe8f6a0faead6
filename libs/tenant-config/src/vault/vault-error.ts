/** Vault could not be read; the message holds no value, no token and nothing that Vault said. */
export class VaultError extends Error {
  override readonly name = 'VaultError';

  constructor(
    message: string,
    /** The HTTP status, when Vault answered. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
