import type { ErrorKind } from './catalogue.js';

const refused = {
  status: 422,
  type: 'invalid_request_error',
  retryable: false,
  logLevel: 'info',
} as const;
const notFound = { ...refused, status: 404 } as const;
const unavailable = { status: 503, type: 'api_error', retryable: true, logLevel: 'error' } as const;
const conflict = { ...refused, status: 409 } as const;

/** What only operators can meet, at the admin API and the command line. */
export const ADMIN_ERRORS = {
  invalid_operator_token: {
    status: 401,
    type: 'authentication_error',
    retryable: false,
    logLevel: 'info',
    meaning: "The operator's token is missing, unknown, revoked, expired or not signed by the issuer.",
  },
  role_not_allowed: {
    status: 403,
    type: 'permission_error',
    retryable: false,
    logLevel: 'info',
    meaning: "The operator's role may not do this; `required_role` names one that may.",
  },
  too_many_logins: {
    status: 429,
    type: 'rate_limit_error',
    retryable: true,
    logLevel: 'info',
    meaning: 'Too many tokens from this address were refused. Come back later with a good one.',
  },
  tenant_not_found: { ...notFound, meaning: 'There is no tenant with this id.' },
  agent_not_found: { ...notFound, meaning: 'The tenant has no agent with this id.' },
  key_not_found: { ...notFound, meaning: 'The tenant has no key with this id.' },
  operator_token_not_found: { ...notFound, meaning: 'There is no operator token with this id.' },
  already_exists: { ...conflict, meaning: 'There is one with this id already; `param` names the id.' },
  key_not_active: { ...conflict, meaning: 'The key is revoked or expired, so that it cannot be changed.' },
  policy_locks_out: {
    ...refused,
    meaning: 'With these settings the tenant could call no model at all. Allow one that can be called.',
  },
  precondition_required: {
    ...refused,
    status: 428,
    meaning: 'If-Match is missing. Read the resource, and send its ETag back with the change.',
  },
  precondition_failed: {
    ...refused,
    status: 412,
    meaning:
      'Somebody else has changed the resource since. `current_etag`, and the ETag header, are its present edition: read it again.',
  },
  idempotency_key_required: {
    ...refused,
    status: 400,
    meaning: 'A POST needs an Idempotency-Key: any text that is new for each action, such as a UUID.',
  },
  idempotency_key_reused: {
    ...refused,
    meaning: 'The Idempotency-Key was used for another request within the last day. Take a new one.',
  },
  usage_event_not_found: { ...notFound, meaning: 'The ledger has no call with this request id.' },
  invoice_not_found: { ...notFound, meaning: 'There is no such invoice.' },
  budget_increase_not_found: { ...notFound, meaning: 'The tenant has no increase of a budget with this id.' },
  webhook_endpoint_not_found: { ...notFound, meaning: 'There is no webhook endpoint with this id.' },
  webhook_delivery_not_found: { ...notFound, meaning: 'The endpoint has no delivery with this id.' },
  event_not_presumed: { ...conflict, meaning: 'The end of the call was seen: there is nothing to correct.' },
  event_already_corrected: { ...conflict, meaning: 'The call was corrected to something else before.' },
  month_not_over: { ...conflict, meaning: 'The month is not over, so that it cannot be closed.' },
  month_within_grace: {
    ...conflict,
    meaning: 'Calls of the month may still end. Close it two days after its end.',
  },
  earlier_month_open: { ...conflict, meaning: 'A month before it has usage and is open. Close that first.' },
  later_month_closed: {
    ...conflict,
    meaning: 'A later month is closed: what came since is an adjustment on the next invoice.',
  },
  csrf_token_invalid: {
    ...refused,
    status: 403,
    type: 'permission_error',
    meaning:
      'A change with the session of the console needs the header x-csrf-token: the csrf_token that the session was answered with.',
  },
  issuer_unavailable: {
    ...unavailable,
    meaning: "The keys of the tokens' issuer (ADMIN_OIDC_JWKS_URL) cannot be read. Operator tokens work.",
  },
  database_unavailable: {
    ...unavailable,
    meaning: 'Postgres cannot be reached, or was too busy. Nothing was changed: send it again.',
  },
} as const satisfies Record<string, ErrorKind>;
