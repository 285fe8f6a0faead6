import { TollgateError } from '@tollgate/domain';
import pg from 'pg';

const RETRY_AFTER_MS = 1000;

/** Classes of SQLSTATE that pass: connection, read-only, rolled back, resources, operator, system, internal. */
const PASSING = new Set(['08', '25', '40', '53', '55', '57', '58', 'XX']);

/**
 * What a call fails with when the database has no answer to it. What Postgres finds wrong with the statement itself is a
 * defect and stays as it is; everything else (no connection, a timeout) passes.
 */
export function storeUnavailable(cause?: unknown): unknown {
  if (cause instanceof pg.DatabaseError && !PASSING.has(cause.code?.slice(0, 2) ?? '')) return cause;
  return new TollgateError(
    'checkpoint_store_unavailable',
    'Checkpoints cannot be read or written right now.',
    {
      retryAfterMs: RETRY_AFTER_MS,
      cause,
    },
  );
}

/** A function that always answers a row did not. */
export function notAnswered(): Error {
  return new Error('The checkpoint function returned no row');
}
