import pg from 'pg';

const TIMEOUT_MS = 5000;

/** The groups that the migrations make: a service connects as a user who is a member of its group. */
export type ServiceGroup = 'tollgate_gateway' | 'tollgate_offloader' | 'tollgate_admin';

/** Makes a user for a service, or gives the one that is there this password, and answers its URL of the same database. */
export async function createServiceUser(
  ownerUrl: string,
  group: ServiceGroup,
  login: string,
  password: string,
): Promise<string> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    connectionTimeoutMillis: TIMEOUT_MS,
    statement_timeout: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT pg_advisory_xact_lock(hashtext('tollgate_service_users'))");
    const user = pg.escapeIdentifier(login);
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [login]);
    await client.query(
      `${rowCount ? 'ALTER' : 'CREATE'} ROLE ${user} LOGIN PASSWORD ${pg.escapeLiteral(password)}`,
    );
    await client.query(`GRANT ${group} TO ${user}`);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
  const url = new URL(ownerUrl);
  url.username = encodeURIComponent(login);
  url.password = encodeURIComponent(password);
  return url.href;
}
