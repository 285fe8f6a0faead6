import { StaleRowError } from '@tollgate/database';
import { TollgateError, type ErrorCode } from '@tollgate/domain';
import { BillingError, type BillingErrorCode } from '@tollgate/stores';
import { TenantAdminError, type TenantAdminErrorCode } from '@tollgate/tenant-config';
import pg from 'pg';
import { formatEtag } from './etag.js';

const CODES: Readonly<Record<TenantAdminErrorCode, ErrorCode>> = {
  invalid_settings: 'invalid_request',
  tenant_not_found: 'tenant_not_found',
  tenant_exists: 'already_exists',
  agent_not_found: 'agent_not_found',
  agent_exists: 'already_exists',
  key_not_found: 'key_not_found',
  key_not_active: 'key_not_active',
};

const BILLING_CODES: Readonly<Record<BillingErrorCode, ErrorCode>> = {
  invalid_input: 'invalid_request',
  event_not_found: 'usage_event_not_found',
  not_presumed: 'event_not_presumed',
  already_corrected: 'event_already_corrected',
  month_not_over: 'month_not_over',
  within_grace: 'month_within_grace',
  earlier_month_open: 'earlier_month_open',
  later_month_closed: 'later_month_closed',
  invoice_not_found: 'invoice_not_found',
  tenant_not_found: 'tenant_not_found',
  increase_not_found: 'budget_increase_not_found',
  endpoint_not_found: 'webhook_endpoint_not_found',
  delivery_not_found: 'webhook_delivery_not_found',
};

/** Classes of SQLSTATE that say that the server is away or busy: connection, rolled back, resources, operator. */
const UNAVAILABLE = /^(08|40|53|55|57)/;
/** What the driver says of a connection that it cannot make, or has lost; it has no code for it. */
const LOST = /^(Connection terminated|timeout exceeded|Query read timeout|Client has encountered)/;
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE']);

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error instanceof pg.DatabaseError) return UNAVAILABLE.test(code);
  return NETWORK.has(code) || LOST.test(error.message);
}

/** The catalogue's word for what the stores below throw; anything else is given back as it is. */
export function toAdminError(thrown: unknown): unknown {
  if (thrown instanceof StaleRowError) {
    const etag = formatEtag(thrown.currentVersion);
    return new TollgateError('precondition_failed', 'Somebody else has changed it since. Read it again.', {
      param: 'if-match',
      facts: { current_etag: etag },
      headers: { etag },
    });
  }
  if (thrown instanceof TenantAdminError)
    return new TollgateError(CODES[thrown.code], thrown.message, {
      ...(thrown.param === undefined ? {} : { param: thrown.param }),
    });
  if (thrown instanceof BillingError)
    return new TollgateError(BILLING_CODES[thrown.code], thrown.message, {
      cause: thrown,
      ...(thrown.param === undefined ? {} : { param: thrown.param }),
    });
  if (isUnavailable(thrown))
    return new TollgateError('database_unavailable', 'Postgres cannot be reached, or is too busy.', {
      cause: thrown,
    });
  return thrown;
}
