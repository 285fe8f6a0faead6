import { TollgateError } from '@tollgate/domain';

const RUN_ID = /^[A-Za-z0-9._:~-]{1,200}$/;

/**
 * The run that a path names, its percent-encoding taken off already.
 * @throws TollgateError `invalid_request`
 */
export function parseRunId(param: string): string {
  // A path ending in one of the two dots means another path to many a client and proxy.
  if (RUN_ID.test(param) && param !== '.' && param !== '..') return param;
  throw new TollgateError(
    'invalid_request',
    'A run id has 1 to 200 characters of A-Z a-z 0-9 . _ : ~ - and is neither . nor two of them.',
    { param: 'run_id' },
  );
}
