import { TollgateError } from '@tollgate/domain';

const MS_PER_SECOND = 1000;

/** An HTTP answer about an error. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

// What Fastify, Nest and Node's own parser complain of, in words of the catalogue.
const BY_STATUS: Readonly<Record<number, () => TollgateError>> = {
  400: () => new TollgateError('invalid_request', 'The request cannot be read.'),
  404: () => new TollgateError('route_not_found', 'There is no such path.'),
  405: () => new TollgateError('method_not_allowed', 'This path does not take this method.'),
  408: () => new TollgateError('request_timeout', 'The request did not arrive in time.'),
  413: () => new TollgateError('body_too_large', 'The body is too large.'),
  415: () => new TollgateError('unsupported_media_type', 'Send the body as application/json.'),
};

function statusOf(error: object): number | undefined {
  if ('getStatus' in error && typeof error.getStatus === 'function')
    return Number((error.getStatus as () => unknown)());
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** Finds the catalogue's word for anything that was thrown; what nobody expected becomes `internal_error`. */
export function toTollgateError(error: unknown): TollgateError {
  if (error instanceof TollgateError) return error;
  const status = typeof error === 'object' && error !== null ? statusOf(error) : undefined;
  const known = status === undefined ? undefined : BY_STATUS[status];
  return (
    known?.() ?? new TollgateError('internal_error', 'Something went wrong in the gateway.', { cause: error })
  );
}

/** The answer in OpenAI's error envelope; facts of a limit stand beside the code. */
export function formatOpenaiError(error: TollgateError, requestId: string): ErrorAnswer {
  const { status, type, retryable } = error.kind;
  const headers: Record<string, string> = {
    ...error.headers,
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': requestId,
  };
  if (!retryable) headers['x-should-retry'] = 'false';
  if (error.retryAfterMs !== undefined) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterMs / MS_PER_SECOND)));
    headers['retry-after-ms'] = String(error.retryAfterMs);
  }
  return {
    status,
    headers,
    body: {
      error: { message: error.message, type, param: error.param ?? null, code: error.code, ...error.facts },
    },
  };
}
