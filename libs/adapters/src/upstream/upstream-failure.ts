import { TollgateError } from '@tollgate/domain';
import type { Billing, CallOutcome } from '../model-adapter.js';
import type { UpstreamEnd } from './upstream.js';

const TIMEOUT_CODES = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
]);

/** Reasons that the gateway itself ends a call for. */
export class CallAbortedError extends Error {
  override readonly name = 'CallAbortedError';

  constructor(readonly reason: 'client-gone' | 'timeout' | 'shutdown') {
    super(`the call was ended: ${reason}`);
  }
}

function errorFor(error: Error): TollgateError {
  if (error instanceof TollgateError) return error;
  const code = 'code' in error ? String(error.code) : '';
  const timedOut =
    TIMEOUT_CODES.has(code) || (error instanceof CallAbortedError && error.reason === 'timeout');
  if (timedOut)
    return new TollgateError('upstream_timeout', 'The model provider did not answer in time.', {
      cause: error,
    });
  if (error instanceof CallAbortedError)
    return new TollgateError('draining', 'The gateway is shutting down.', {
      cause: error,
      retryAfterMs: 1000,
    });
  return new TollgateError('upstream_error', 'The connection to the model provider failed.', {
    cause: error,
  });
}

/** The outcome of an exchange that broke off; `billing` says what is known of its cost when the request was sent. */
export function brokenOff(end: UpstreamEnd & { readonly error: Error }, billing: Billing): CallOutcome {
  const clientGone = end.error instanceof CallAbortedError && end.error.reason === 'client-gone';
  const known = end.sent ? billing : ({ kind: 'none' } as const);
  return clientGone
    ? { status: 'aborted', billing: known }
    : { status: 'failed', billing: known, error: errorFor(end.error) };
}

/** The outcome of an answer with an error status: model providers do not bill those. */
export function refused(status: number, body: Buffer, retryAfter: string | undefined): CallOutcome {
  const outcome = { status: 'failed', billing: { kind: 'none' } } as const;
  if (status === 401 || status === 403) {
    return {
      ...outcome,
      error: new TollgateError(
        'upstream_authentication_failed',
        "The model provider refused the gateway's key.",
        { facts: { upstream_status: status } },
      ),
    };
  }
  if (status === 429) {
    const seconds = Number(retryAfter);
    const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 1000;
    return {
      ...outcome,
      error: new TollgateError('upstream_rate_limited', "The model provider's rate limit is used up.", {
        retryAfterMs,
      }),
    };
  }
  if (status === 408 || status >= 500 || status < 400) {
    return {
      ...outcome,
      error: new TollgateError('upstream_error', `The model provider answered with status ${status}.`, {
        facts: { upstream_status: status },
      }),
    };
  }
  const error = new TollgateError(
    'upstream_refused',
    `The model provider refused the request with status ${status}.`,
    { facts: { upstream_status: status } },
  );
  return { ...outcome, error, refusal: { status, body } };
}
