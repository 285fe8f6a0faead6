import { STATUS_CODES } from 'node:http';
import type { TollgateError } from '@tollgate/domain';
import { formatOpenaiError, type ErrorAnswer } from './error-answer.js';

/** Where a code is explained: a reference that resolves in the documentation of this version. */
const TYPE_PREFIX = 'urn:tollgate:error:';

/** The answer as RFC 9457 has it, with our `code` and facts as its extension members. */
export function formatProblem(error: TollgateError, requestId: string): ErrorAnswer {
  const { status, headers } = formatOpenaiError(error, requestId);
  const { code, message, param, violations } = error;
  const challenge: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
  return {
    status,
    headers: {
      ...headers,
      ...challenge,
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
    },
    body: {
      type: `${TYPE_PREFIX}${code}`,
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail: message,
      code,
      request_id: requestId,
      ...(param === undefined ? {} : { param }),
      ...(violations.length === 0 ? {} : { errors: violations }),
      ...error.facts,
    },
  };
}
