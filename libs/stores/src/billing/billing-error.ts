/** Why billing refused something. */
export type BillingErrorCode =
  | 'invalid_input'
  | 'event_not_found'
  | 'not_presumed'
  | 'already_corrected'
  | 'month_not_over'
  | 'within_grace'
  | 'earlier_month_open'
  | 'later_month_closed'
  | 'invoice_not_found'
  | 'tenant_not_found'
  | 'increase_not_found'
  | 'endpoint_not_found'
  | 'delivery_not_found';

/** Billing refused something; the message is safe to show and holds no values. */
export class BillingError extends Error {
  override readonly name = 'BillingError';

  constructor(
    readonly code: BillingErrorCode,
    message: string,
    /** The input at fault, as `filters.tenant`. */
    readonly param?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
