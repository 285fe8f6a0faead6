import { ConfigurationError, EXIT_CONFIGURATION } from '@tollgate/config';
import { TollgateError } from '@tollgate/domain';
import { BillingError } from '@tollgate/stores';
import { TenantAdminError } from '@tollgate/tenant-config';

/** Exit codes of the command line besides 78, a wrong configuration. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** A command has said all that there is to say, and ends with a code of its own. */
export class EarlyExit extends Error {
  override readonly name = 'EarlyExit';

  constructor(readonly exitCode: number) {
    super(`exit ${exitCode}`);
  }
}

/** How a command ends that did not succeed. */
export interface Failure {
  readonly exitCode: number;
  readonly message: string;
}

const UNDEFINED_TABLE = '42P01';

function describe(error: unknown): string {
  if (error instanceof TenantAdminError || error instanceof BillingError) return error.message;
  if (error instanceof TollgateError) return `${error.code}: ${error.message}`;
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  if (code === UNDEFINED_TABLE)
    return 'The database has no schema yet. Run "npm run tollgate -- migrate" first.';
  // The message of a failed connection may hold parts of the URL, or nothing at all.
  if (/^E[A-Z]+$/.test(code)) return `The database cannot be reached (${code}). Check DATABASE_URL.`;
  return error.message;
}

/** Puts any error into words for the operator. */
export function toFailure(error: unknown): Failure {
  if (error instanceof ConfigurationError)
    return { exitCode: EXIT_CONFIGURATION, message: `${error.name}: ${error.message}` };
  const isUsage =
    (error instanceof TenantAdminError && error.code === 'invalid_settings') ||
    (error instanceof BillingError && error.code === 'invalid_input');
  return { exitCode: isUsage ? EXIT.usage : EXIT.failed, message: describe(error) };
}
