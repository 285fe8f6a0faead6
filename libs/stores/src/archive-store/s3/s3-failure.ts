import { BulkheadRejectedError } from 'cockatiel';
import { ArchiveStoreError, type ArchiveFailure } from '../archive-store-error.js';

const SECOND_MS = 1000;
const REASONS: Readonly<Record<number, ArchiveFailure>> = {
  401: 'denied',
  403: 'denied',
  404: 'refused',
  408: 'unavailable',
  // Another conditional PUT of the same key runs right now.
  409: 'unavailable',
  416: 'corrupt',
  425: 'unavailable',
  429: 'unavailable',
  501: 'refused',
  507: 'full',
};
/** Refusals of a body that was damaged or cut on its way, which the next try may not be, whatever their status. */
const BROKEN_UPLOADS = new Set([
  'BadDigest',
  'IncompleteBody',
  'RequestTimeout',
  'XAmzContentSHA256Mismatch',
]);
const CODE = /^[A-Za-z]{1,64}$/;

/** What the SDK knows of an answer that is an error. */
interface ServiceError {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** The status and the code of an answer; undefined: there was none. */
export function refusalOf(thrown: unknown): { readonly status: number; readonly code: string } | undefined {
  const { $metadata, name = '' } = thrown as ServiceError;
  const status = $metadata?.httpStatusCode;
  if (status === undefined || status < 300) return undefined;
  return { status, code: CODE.test(name) ? name : 'UnknownError' };
}

function reasonOf(status: number, code: string): ArchiveFailure {
  if (BROKEN_UPLOADS.has(code)) return 'unavailable';
  // R2's bucket locks: a 403 about one object, with keys that are right.
  if (code === 'ObjectLockedByBucketPolicy') return 'refused';
  // Only S3 itself says so: a 404 of anything in between is no object that is lost.
  if (code === 'NoSuchKey') return 'missing';
  return REASONS[status] ?? (status >= 500 ? 'unavailable' : 'refused');
}

/** `retry-after` in seconds; a date, which S3 does not send, counts as none. */
function retryAfterOf(thrown: unknown): number | undefined {
  const header = (thrown as ServiceError).$response?.headers?.['retry-after'];
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * SECOND_MS : undefined;
}

/**
 * Says in the archive's words why a request failed. An error of the SDK is never the cause: S3's errors quote the access
 * key and the request that was signed.
 */
export function s3Failure(thrown: unknown): ArchiveStoreError {
  if (thrown instanceof ArchiveStoreError) return thrown;
  if (thrown instanceof BulkheadRejectedError)
    return new ArchiveStoreError('unavailable', 'Too many requests wait for the archive.');
  const refusal = refusalOf(thrown);
  if (!refusal) {
    const { name, code } = thrown as NodeJS.ErrnoException;
    const isTimeout = name === 'TimeoutError' || name === 'AbortError';
    return new ArchiveStoreError(
      'unavailable',
      isTimeout ? 'The archive did not answer in time.' : 'The archive cannot be reached.',
      code === undefined ? {} : { cause: new Error(code) },
    );
  }
  const { status, code } = refusal;
  const requestId = (thrown as ServiceError).$metadata?.requestId;
  return new ArchiveStoreError(reasonOf(status, code), `The archive answered ${status} (${code}).`, {
    retryAfterMs: retryAfterOf(thrown),
    ...(requestId === undefined ? {} : { cause: new Error(`S3 request ${requestId.slice(0, 100)}`) }),
  });
}
