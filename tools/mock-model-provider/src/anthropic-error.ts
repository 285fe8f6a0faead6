import { idTail, type WireError } from './wire-renderer.js';

const API_ERROR = ['api_error', 'Internal server error'] as const;

const KINDS: ReadonlyMap<number, readonly [type: string, message: string]> = new Map([
  [400, ['invalid_request_error', 'Invalid request']],
  [401, ['authentication_error', 'invalid x-api-key']],
  [402, ['billing_error', 'Your credit balance is too low']],
  [403, ['permission_error', 'Your API key may not use this resource']],
  [404, ['not_found_error', 'Not found']],
  [408, ['timeout_error', 'Request timed out']],
  [409, ['invalid_request_error', 'Conflict']],
  [413, ['request_too_large', 'Request exceeds the maximum size']],
  [422, ['invalid_request_error', 'Unprocessable request']],
  [429, ['rate_limit_error', 'This request would exceed your rate limit']],
  [504, ['timeout_error', 'Request timed out']],
  [529, ['overloaded_error', 'Overloaded']],
]);

/** Anthropic's error envelope (API reference, "Errors"). */
export function anthropicErrorBody(error: WireError, sequence: number): string {
  const [type, message] = KINDS.get(error.status) ?? API_ERROR;
  return JSON.stringify({
    type: 'error',
    error: { type: error.code ?? type, message: error.message ?? message },
    request_id: `req_${idTail(sequence)}`,
  });
}
