import { ConfigurationError, describeProblem, type OffloaderSettings, type Problem } from '@tollgate/config';
import { createPostgresPool, inspectServiceRole } from '@tollgate/database';
import type { Logger } from 'pino';

const TIMEOUT_MS = 5000;

const problemOf = (problem: string, remedy: string): Problem => ({
  kind: 'store',
  variable: 'DATABASE_URL',
  problem,
  remedy,
});

/**
 * Makes sure that the offloader's database user has the rights it needs, and no more.
 * @throws ConfigurationError when it lacks its group, or in strict mode when it owns the tables or nothing binds it
 */
export async function checkDatabaseRole(
  { env, databaseUrl, strict }: OffloaderSettings,
  logger: Logger,
): Promise<void> {
  const pool = createPostgresPool({
    url: databaseUrl,
    maxConnections: 1,
    connectTimeoutMs: TIMEOUT_MS,
    statementTimeoutMs: TIMEOUT_MS,
    onIdleError: () => undefined, // the next statement meets the same error
  });
  const role = await inspectServiceRole(pool, 'tollgate_offloader').finally(() => pool.end());
  if (!role.isMember)
    throw new ConfigurationError([
      problemOf(
        'its user is not a member of tollgate_offloader',
        'As the owner of the database, run GRANT tollgate_offloader TO <user>',
      ),
    ]);
  if (role.unboundBy.length === 0 || (strict && env.STRICT_ACKNOWLEDGE.includes('database-owner'))) return;
  const problem = problemOf(
    `its user may do more than an offloader needs (${role.unboundBy.join(', ')})`,
    'Make one with CREATE ROLE <user> LOGIN PASSWORD <password> IN ROLE tollgate_offloader, and connect as it; ' +
      'or add database-owner to STRICT_ACKNOWLEDGE to accept it',
  );
  if (strict) throw new ConfigurationError([problem]);
  logger.warn(`strict mode would refuse: ${describeProblem(problem)}`);
}
