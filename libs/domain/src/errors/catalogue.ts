import { ADMIN_ERRORS } from './admin-catalogue.js';

/** How an error is answered and logged. */
export interface ErrorKind {
  /** The HTTP status of the answer. */
  readonly status: number;
  /** The `type` of OpenAI's error envelope. */
  readonly type:
    | 'invalid_request_error'
    | 'authentication_error'
    | 'permission_error'
    | 'rate_limit_error'
    | 'insufficient_quota'
    | 'api_error';
  /** Whether the same request may succeed later without a change; false sends `x-should-retry: false`. */
  readonly retryable: boolean;
  /** How loud one occurrence is in the log. */
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** When it happens and what to do, for the generated reference. */
  readonly meaning: string;
}

const badRequest = {
  status: 400,
  type: 'invalid_request_error',
  retryable: false,
  logLevel: 'info',
} as const;
const unavailable = { status: 503, type: 'api_error', retryable: true, logLevel: 'error' } as const;
const upstream = { status: 502, type: 'api_error', retryable: true, logLevel: 'warn' } as const;

/** Every error that a client can meet, by its stable `code`. */
export const ERROR_CATALOGUE = {
  invalid_json: {
    ...badRequest,
    meaning: 'The body is empty or not a JSON object in UTF-8. Send one JSON object.',
  },
  invalid_request: {
    ...badRequest,
    meaning: 'A parameter is missing or has the wrong type; `param` names it.',
  },
  invalid_header: {
    ...badRequest,
    meaning: 'A Tollgate header has characters or a length that are not allowed.',
  },
  ambiguous_credentials: { ...badRequest, meaning: 'More than one API key was sent. Send one.' },
  parameter_not_supported: {
    ...badRequest,
    meaning: 'The parameter has a cost that Tollgate cannot bound beforehand. Leave it out.',
  },
  parameter_not_translatable: {
    ...badRequest,
    meaning:
      "The model speaks the other wire, OpenAI's or Anthropic's, which cannot say this parameter; `param` names it. Leave it out or call a model of your own wire.",
  },
  wire_not_supported: {
    ...badRequest,
    meaning:
      'The model cannot be called on this route: its model provider has no such wire, and none is translated to it.',
  },
  model_not_priced: {
    ...badRequest,
    meaning: 'The model has no known price. An operator can add one to the overrides.',
  },
  max_tokens_exceeded: {
    ...badRequest,
    meaning:
      'The request asks for more output tokens than one request may. Lower max_completion_tokens or n.',
  },
  max_cost_exceeded: {
    ...badRequest,
    meaning: 'The request could cost more than one request may. Shorten it or lower max_completion_tokens.',
  },
  invalid_api_key: {
    status: 401,
    type: 'authentication_error',
    retryable: false,
    logLevel: 'info',
    meaning: 'The API key is missing, unknown, revoked or expired.',
  },
  agent_not_allowed: {
    status: 403,
    type: 'permission_error',
    retryable: false,
    logLevel: 'info',
    meaning: 'The key is bound to another agent than x-agent-id, the checkpoint or the run names.',
  },
  model_not_allowed: {
    status: 403,
    type: 'permission_error',
    retryable: false,
    logLevel: 'info',
    meaning:
      'The tenant may not use this model, or no expensive one. GET /v1/models lists what it may use; `tollgate resolve` says why.',
  },
  model_not_found: {
    ...badRequest,
    status: 404,
    meaning: 'No model of this name can be called here, or an alias leads to none.',
  },
  route_not_found: { ...badRequest, status: 404, meaning: 'There is no such path.' },
  method_not_allowed: { ...badRequest, status: 405, meaning: 'The path exists, but not with this method.' },
  request_timeout: {
    ...badRequest,
    status: 408,
    retryable: true,
    meaning: 'The request did not arrive in time.',
  },
  body_too_large: { ...badRequest, status: 413, meaning: 'The body is larger than MAX_BODY_MIB.' },
  unsupported_media_type: {
    ...badRequest,
    status: 415,
    meaning: 'The body is not declared as application/json.',
  },
  rate_limit_exceeded: {
    status: 429,
    type: 'rate_limit_error',
    retryable: true,
    logLevel: 'info',
    meaning:
      'A limit on requests, tokens or concurrent calls is used up; the body says which and when to come back.',
  },
  insufficient_quota: {
    status: 429,
    type: 'insufficient_quota',
    retryable: false,
    logLevel: 'info',
    meaning: 'The budget cannot hold what this call may cost; the body says which budget and when it resets.',
  },
  budget_store_unavailable: {
    ...unavailable,
    meaning: 'Budgets cannot be read or reserved right now (Redis). No call was made and nothing was spent.',
  },
  ledger_unavailable: {
    ...unavailable,
    meaning: 'The usage ledger (Postgres) is down and the event buffer is full. No call was made.',
  },
  tenant_settings_unavailable: {
    ...unavailable,
    meaning: 'No tenant settings have been loaded yet: their source is down.',
  },
  draining: {
    ...unavailable,
    logLevel: 'info',
    meaning: 'This instance is shutting down. Send the request again: another one takes it.',
  },
  model_provider_unavailable: {
    ...unavailable,
    logLevel: 'warn',
    meaning:
      'Most calls to the model failed in the last half minute, so calls to it are paused for some seconds.',
  },
  upstream_error: {
    ...upstream,
    meaning: 'The model provider answered with a server error or refused the connection.',
  },
  upstream_invalid_response: {
    ...upstream,
    meaning: 'The model provider sent something that is not a valid answer, or cut it short.',
  },
  upstream_authentication_failed: {
    ...upstream,
    retryable: false,
    logLevel: 'error',
    meaning: "The model provider refused the gateway's own key. An operator must look.",
  },
  upstream_rate_limited: {
    ...upstream,
    status: 429,
    type: 'rate_limit_error',
    meaning: "The model provider's rate limit is used up.",
  },
  upstream_refused: {
    ...badRequest,
    meaning: 'The model provider refused the request; its own status and message are passed on.',
  },
  upstream_timeout: { ...upstream, status: 504, meaning: 'The model provider did not answer in time.' },
  checkpoint_not_found: {
    ...badRequest,
    status: 404,
    meaning: 'The tenant has no such run, or not this version of it.',
  },
  run_deleted: {
    ...badRequest,
    status: 409,
    meaning: 'The run was deleted, and a late write does not bring it back. ?recreate=true begins it anew.',
  },
  checkpoint_version_conflict: {
    ...badRequest,
    status: 412,
    meaning:
      'If-Match or If-None-Match does not hold: somebody else wrote. `actual_version` is the latest version, 0 when there is no such run. Read it again.',
  },
  checkpoint_too_large: {
    ...badRequest,
    status: 413,
    meaning:
      'The checkpoint is larger than CHECKPOINT_MAX_MIB. Keep large results elsewhere, and refer to them.',
  },
  checkpoint_quota_exceeded: {
    status: 429,
    type: 'insufficient_quota',
    retryable: false,
    logLevel: 'info',
    meaning:
      "The tenant's live checkpoints would become more, or larger, than its quota; `scope` says which. Delete some, or have finished ones archived.",
  },
  checkpoint_store_unavailable: {
    ...unavailable,
    meaning:
      'Checkpoints cannot be read or written right now (Postgres). Nothing was acknowledged: send it again.',
  },
  archive_unavailable: {
    ...unavailable,
    meaning: 'The checkpoint is in the archive, which does not answer right now. It is not lost.',
  },
  checkpoint_unreadable: {
    status: 500,
    type: 'api_error',
    retryable: false,
    logLevel: 'error',
    meaning:
      'The archived copy is missing or not what was written, so it is not served. An alarm was raised; an operator must look.',
  },
  ...ADMIN_ERRORS,
  internal_error: {
    status: 500,
    type: 'api_error',
    retryable: true,
    logLevel: 'error',
    meaning: 'A defect in Tollgate. The request id finds it in the log.',
  },
} as const satisfies Record<string, ErrorKind>;

/** A stable error code. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;
