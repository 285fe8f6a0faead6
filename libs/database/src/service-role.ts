import type { Pool } from 'pg';
import type { ServiceGroup } from './service-users.js';

/** What a service's user is to Postgres. */
export interface ServiceRole {
  /** Whether it has its group's rights. */
  readonly isMember: boolean;
  /** Why row-level security does not bind it, in words for operators; empty when it does. */
  readonly unboundBy: readonly ('superuser' | 'BYPASSRLS' | 'owner of the tables')[];
}

const INSPECT_SQL = `
  SELECT coalesce(pg_has_role(to_regrole($1)::oid, 'USAGE'), false) AS "isMember",
    array_remove(ARRAY[CASE WHEN r.rolsuper THEN 'superuser' END, CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
      CASE WHEN pg_has_role((SELECT relowner FROM pg_class WHERE oid = to_regclass('checkpoints')), 'USAGE')
        THEN 'owner of the tables' END], NULL) AS "unboundBy"
  FROM pg_roles r WHERE r.rolname = current_user`;

/** Looks at the user that a pool connects as. The owner can lift what is forced on him, so he counts as unbound. */
export async function inspectServiceRole(pool: Pool, group: ServiceGroup): Promise<ServiceRole> {
  const { rows } = await pool.query<ServiceRole>(INSPECT_SQL, [group]);
  if (!rows[0]) throw new Error('Postgres does not know the user it let in');
  return rows[0];
}
