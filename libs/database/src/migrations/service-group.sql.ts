const ask = (problem: string, groups: readonly string[]): string =>
  `RAISE EXCEPTION '${problem}; have an administrator run: ${groups.map((group) => `CREATE ROLE ${group} NOLOGIN; GRANT ${group} TO "%" WITH ADMIN OPTION;`).join(' ')}', ${groups.map(() => 'current_user').join(', ')}`;

/**
 * Makes a group that services' users are members of. Groups belong to the whole server: another database's migration
 * may make them at this very moment. `groups` are all that a migration needs, for an owner who may make none.
 */
export const createGroup = (group: string, groups: readonly string[]): string => `
  DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${group}') THEN CREATE ROLE ${group} NOLOGIN; END IF;
  EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN ${ask('the owner of the database may not create roles', groups)};
  END $$`;

/** Makes the owner a member: forced row-level security binds it as well, and it sees rows as a member only. */
export const joinGroup = (group: string, groups: readonly string[]): string => `
  DO $$ BEGIN
    IF NOT pg_has_role(current_user, '${group}', 'USAGE') THEN EXECUTE format('GRANT ${group} TO %I', current_user); END IF;
  EXCEPTION
    WHEN unique_violation THEN NULL;
    WHEN insufficient_privilege THEN ${ask(`the owner of the database is not a member of ${group}`, groups)};
  END $$`;

/** A statement with the schema's name in the place of `%I`. */
export const inSchema = (text: string): string => `
  DO $$ BEGIN EXECUTE format('${text}', current_schema()); END $$`;
