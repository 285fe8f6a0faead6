/** Why a change of tenants, agents or keys was refused. */
export type TenantAdminErrorCode =
  | 'invalid_settings'
  | 'tenant_not_found'
  | 'tenant_exists'
  | 'agent_not_found'
  | 'agent_exists'
  | 'key_not_found'
  | 'key_not_active';

/** A change of tenants, agents or keys was refused; the message is safe to show and holds no values. */
export class TenantAdminError extends Error {
  override readonly name = 'TenantAdminError';

  constructor(
    readonly code: TenantAdminErrorCode,
    message: string,
    /** The setting at fault, as `limits.budgetNanoUsd`. */
    readonly param?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
