import { ConfigurationError, EXIT_CONFIGURATION } from '@tollgate/config';
import { describeError } from '../describe-error.js';
import { ForeignBucketError } from '../bucket/marker.js';

/** Exit codes of the command line besides 78, a wrong configuration. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** A command has said all that there is to say, and ends with a code of its own. */
export class EarlyExit extends Error {
  override readonly name = 'EarlyExit';

  constructor(readonly exitCode: number) {
    super(`exit ${exitCode}`);
  }
}

const UNDEFINED_TABLE = '42P01';
const NO_RIGHT = '42501';

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === UNDEFINED_TABLE)
    return 'The database has no checkpoints yet. Run "npm run tollgate -- migrate" first.';
  if (code === NO_RIGHT)
    return 'The user of DATABASE_URL lacks rights. As the owner of the database, run GRANT tollgate_offloader TO <user>.';
  // The message of a failed connection may hold parts of the URL, or nothing at all.
  if (/^E[A-Z]+$/.test(code)) return `The database cannot be reached (${code}). Check DATABASE_URL.`;
  return describeError(error);
}

/** How a command ends that did not succeed, in words for the operator. */
export function toFailure(error: unknown): { readonly exitCode: number; readonly message: string } {
  if (error instanceof ConfigurationError || error instanceof ForeignBucketError)
    return { exitCode: EXIT_CONFIGURATION, message: `${error.name}: ${error.message}` };
  return { exitCode: EXIT.failed, message: describe(error) };
}
