import { ConfigurationError, describeProblem, type Problem, type Settings } from '@tollgate/config';
import { createPostgresPool, inspectServiceRole } from '@tollgate/database';
import type { Logger } from 'pino';

const TIMEOUT_MS = 5000;
const REMEDY =
  'Make one with CREATE ROLE <user> LOGIN PASSWORD <password> IN ROLE tollgate_gateway, and connect as it';

const problemOf = (problem: string, remedy: string): Problem => ({
  kind: 'store',
  variable: 'DATABASE_URL',
  problem,
  remedy,
});

/**
 * Makes sure that the gateway's database user has the rights it needs and is bound by row-level security.
 * @throws ConfigurationError when it lacks its group, or in strict mode when nothing binds it
 */
export async function checkDatabaseRole({ env, strict }: Settings, logger: Logger): Promise<void> {
  const pool = createPostgresPool({
    url: env.DATABASE_URL ?? '',
    maxConnections: 1,
    connectTimeoutMs: TIMEOUT_MS,
    statementTimeoutMs: TIMEOUT_MS,
    onIdleError: () => undefined, // the next statement meets the same error
  });
  const role = await inspectServiceRole(pool, 'tollgate_gateway').finally(() => pool.end());
  if (!role.isMember)
    throw new ConfigurationError([
      problemOf(
        'its user is not a member of tollgate_gateway',
        'As the owner of the database, run GRANT tollgate_gateway TO <user>',
      ),
    ]);
  if (role.unboundBy.length === 0 || (strict && env.STRICT_ACKNOWLEDGE.includes('database-owner'))) return;
  const problem = problemOf(
    `row-level security does not bind its user (${role.unboundBy.join(', ')})`,
    `${REMEDY}; or add database-owner to STRICT_ACKNOWLEDGE to accept it`,
  );
  if (strict) throw new ConfigurationError([problem]);
  logger.warn(`strict mode would refuse: ${describeProblem(problem)}`);
}
