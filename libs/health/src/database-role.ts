import { ConfigurationError, describeProblem, type Problem } from '@tollgate/config';
import { createPostgresPool, inspectServiceRole, type ServiceGroup } from '@tollgate/database';
import type { Logger } from 'pino';

const TIMEOUT_MS = 5000;

/** Whose database user is looked at, and how strictly. */
export interface DatabaseRoleCheck {
  readonly databaseUrl: string;
  readonly group: ServiceGroup;
  readonly strict: boolean;
  /** Risks that the operator has accepted (STRICT_ACKNOWLEDGE). */
  readonly acknowledged: readonly string[];
}

const problemOf = (problem: string, remedy: string): Problem => ({
  kind: 'store',
  variable: 'DATABASE_URL',
  problem,
  remedy,
});

/**
 * Makes sure that a service's database user has the rights it needs, and that row-level security binds it.
 * @throws ConfigurationError when it lacks its group, or in strict mode when it owns the tables or nothing binds it
 */
export async function checkDatabaseRole(
  { databaseUrl, group, strict, acknowledged }: DatabaseRoleCheck,
  logger: Logger,
): Promise<void> {
  const pool = createPostgresPool({
    url: databaseUrl,
    maxConnections: 1,
    connectTimeoutMs: TIMEOUT_MS,
    statementTimeoutMs: TIMEOUT_MS,
    onIdleError: () => undefined, // the next statement meets the same error
  });
  const role = await inspectServiceRole(pool, group).finally(() => pool.end());
  if (!role.isMember)
    throw new ConfigurationError([
      problemOf(
        `its user is not a member of ${group}`,
        `As the owner of the database, run GRANT ${group} TO <user>`,
      ),
    ]);
  if (role.unboundBy.length === 0 || (strict && acknowledged.includes('database-owner'))) return;
  const problem = problemOf(
    `row-level security does not bind its user (${role.unboundBy.join(', ')})`,
    `Make one with CREATE ROLE <user> LOGIN PASSWORD <password> IN ROLE ${group}, and connect as it; ` +
      'or add database-owner to STRICT_ACKNOWLEDGE to accept it',
  );
  if (strict) throw new ConfigurationError([problem]);
  logger.warn(`strict mode would refuse: ${describeProblem(problem)}`);
}
