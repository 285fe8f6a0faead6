import { DataSource } from 'typeorm';
import { MIGRATIONS, MIGRATIONS_TABLE } from './migrations/index.js';
import { createPostgresPool } from './postgres-pool.js';
import { findSchemaDifference } from './schema-difference.js';

const MIGRATION_LOCK = 'tollgate_migrations';

function createDataSource(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    applicationName: 'tollgate-migrate',
    connectTimeoutMS: 5000,
    poolSize: 2,
    migrations: MIGRATIONS,
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
  });
}

async function withDataSource<T>(url: string, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = await createDataSource(url).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** Brings the schema up to date and answers the names of the migrations that ran; replicas that start together wait for each other. */
export function migrate(url: string): Promise<string[]> {
  return withDataSource(url, async (dataSource) => {
    const lock = dataSource.createQueryRunner();
    try {
      await lock.query('SELECT pg_advisory_lock(hashtext($1))', [MIGRATION_LOCK]);
      const ran = await dataSource.runMigrations();
      return ran.map((migration) => migration.name);
    } finally {
      await lock.query('SELECT pg_advisory_unlock(hashtext($1))', [MIGRATION_LOCK]);
      await lock.release();
    }
  });
}

/** Whether the schema lacks migrations of this version; read-only. */
export async function hasPendingMigrations(url: string): Promise<boolean> {
  const pool = createPostgresPool({
    url,
    maxConnections: 1,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 5000,
    onIdleError: () => undefined, // the next statement meets the same error
  });
  try {
    return (await findSchemaDifference(pool)).pending.length > 0;
  } finally {
    await pool.end();
  }
}
