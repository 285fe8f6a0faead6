import pg from 'pg';
import { createPostgresPool } from '@tollgate/database';
import { createTestDatabase } from '@tollgate/database/testing';

/** A migrated database with a pool, which a test can put out of reach. */
export interface TenantDatabase {
  readonly pool: pg.Pool;
  /** Ends all connections and lets in no new ones. */
  takeDown(): Promise<void>;
  bringBack(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a database of the test's own. */
export async function openTenantDatabase(): Promise<TenantDatabase> {
  const database = await createTestDatabase();
  const name = new URL(database.url).pathname.slice(1);
  const pool = createPostgresPool({
    url: database.url,
    maxConnections: 4,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 5000,
    onIdleError: () => undefined, // connections break when the test takes the database down
  });
  return {
    pool,
    takeDown: () =>
      asAdmin(database.url, [
        `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
      ]),
    bringBack: () => asAdmin(database.url, [`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`]),
    close: async () => {
      await pool.end();
      await database.drop();
    },
  };
}

async function asAdmin(databaseUrl: string, statements: readonly string[]): Promise<void> {
  const url = new URL(databaseUrl);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
