import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../migrate.js';
import { createPostgresPool } from '../postgres-pool.js';

const TEMPLATE_LOCK = 'tollgate_test_template';

/** A migrated database of one test file's own. */
export interface TestDatabase {
  readonly url: string;
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

/** Clones a migrated template (made once for each server) into a fresh database on `serverUrl`, by default TEST_DATABASE_URL. */
export async function createTestDatabase(
  serverUrl = process.env['TEST_DATABASE_URL'],
): Promise<TestDatabase> {
  if (!serverUrl) throw new Error('TEST_DATABASE_URL is not set: run the tests with npm test');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(serverUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = 'tollgate_template'");
    if (rowCount === 0) await client.query('CREATE DATABASE tollgate_template');
    await migrate(databaseUrl(serverUrl, 'tollgate_template'));
    await client.query(`CREATE DATABASE ${name} TEMPLATE tollgate_template`);
    await client.query('SELECT pg_advisory_unlock(hashtext($1))', [TEMPLATE_LOCK]);
  });
  return {
    url: databaseUrl(serverUrl, name),
    drop: () =>
      asAdmin(
        serverUrl,
        async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
      ),
  };
}

/** A few connections to a test's database, which the test ends. */
export function createTestPool({ url }: TestDatabase): pg.Pool {
  return createPostgresPool({
    url,
    maxConnections: 2,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 5000,
    onIdleError: () => undefined, // The server may end before the pool does.
  });
}
