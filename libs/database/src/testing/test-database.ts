import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../migrate.js';
import { createPostgresPool } from '../postgres-pool.js';
import { createServiceUser } from '../service-users.js';

const TEMPLATE_LOCK = 'tollgate_test_template';

/** A migrated database of one test file's own. */
export interface TestDatabase {
  /** As its owner, who is a superuser. */
  readonly url: string;
  /** As a gateway. */
  readonly gatewayUrl: string;
  /** As an offloader. */
  readonly offloaderUrl: string;
  /** As an admin API. */
  readonly adminUrl: string;
  drop(): Promise<void>;
}

async function asAdmin<T>(serverUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

// The users are the whole server's and all test files share them, so their password may not change.
async function createUsers(
  serverUrl: string,
): Promise<readonly [gateway: string, offloader: string, admin: string]> {
  const password = createHash('sha256').update(serverUrl).digest('hex');
  return [
    await createServiceUser(serverUrl, 'tollgate_gateway', 'tollgate_test_gateway', password),
    await createServiceUser(serverUrl, 'tollgate_offloader', 'tollgate_test_offloader', password),
    await createServiceUser(serverUrl, 'tollgate_admin', 'tollgate_test_admin', password),
  ];
}

// A pool that has ended may still be saying goodbye; who is cut off in the middle of it meets an error. Who has not
// ended, a gateway that was killed say, is not waited for long.
async function untilNobodyIsConnected(client: pg.Client, name: string): Promise<void> {
  for (let look = 0; look < 20; look += 1) {
    const { rowCount } = await client.query('SELECT FROM pg_stat_activity WHERE datname = $1', [name]);
    if (rowCount === 0) return;
    await client.query('SELECT pg_sleep(0.025)');
  }
}

/** Clones a migrated template (made once for each server) into a fresh database on `serverUrl`, by default TEST_DATABASE_URL. */
export async function createTestDatabase(
  serverUrl = process.env['TEST_DATABASE_URL'],
): Promise<TestDatabase> {
  if (!serverUrl) throw new Error('TEST_DATABASE_URL is not set: run the tests with npm test');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const [gateway, offloader, admin] = await asAdmin(serverUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = 'tollgate_template'");
    if (rowCount === 0) await client.query('CREATE DATABASE tollgate_template');
    await migrate(databaseUrl(serverUrl, 'tollgate_template'));
    await client.query(`CREATE DATABASE ${name} TEMPLATE tollgate_template`);
    const users = await createUsers(serverUrl);
    await client.query('SELECT pg_advisory_unlock(hashtext($1))', [TEMPLATE_LOCK]);
    return users;
  });
  return {
    url: databaseUrl(serverUrl, name),
    gatewayUrl: databaseUrl(gateway, name),
    offloaderUrl: databaseUrl(offloader, name),
    adminUrl: databaseUrl(admin, name),
    drop: () =>
      asAdmin(serverUrl, async (client) => {
        await untilNobodyIsConnected(client, name);
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}

/** A few connections to a test's database, which the test ends. */
export function createTestPool({ url }: Pick<TestDatabase, 'url'>): pg.Pool {
  return createPostgresPool({
    url,
    maxConnections: 2,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 5000,
    onIdleError: () => undefined, // The server may end before the pool does.
  });
}
