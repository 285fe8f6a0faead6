import { DataSource } from 'typeorm';
import { Ledger1763856000000 } from './migrations/1763856000000-ledger.js';
import { Tenants1763856000001 } from './migrations/1763856000001-tenants.js';
import { ModelPolicy1763942400000 } from './migrations/1763942400000-model-policy.js';
import { Attempts1764028800000 } from './migrations/1764028800000-attempts.js';

const MIGRATION_LOCK = 'tollgate_migrations';

function createDataSource(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    applicationName: 'tollgate-migrate',
    connectTimeoutMS: 5000,
    poolSize: 2,
    migrations: [Ledger1763856000000, Tenants1763856000001, ModelPolicy1763942400000, Attempts1764028800000],
    migrationsTableName: 'tollgate_migrations',
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
export function hasPendingMigrations(url: string): Promise<boolean> {
  return withDataSource(url, async (dataSource) => {
    const [table] = await dataSource.query<{ name: string | null }[]>(
      "SELECT to_regclass('tollgate_migrations') AS name",
    );
    if (!table?.name) return true;
    const [row] = await dataSource.query<{ count: number }[]>(
      'SELECT count(*)::int AS count FROM tollgate_migrations',
    );
    return (row?.count ?? 0) < dataSource.migrations.length;
  });
}
