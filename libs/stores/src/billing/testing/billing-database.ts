import type { Pool } from 'pg';
import { createPostgresPool } from '@tollgate/database';
import { createTestDatabase } from '@tollgate/database/testing';

/** A migrated database of one test file's own. */
export interface BillingDatabase {
  /** As its owner. */
  readonly owner: Pool;
  /** With the rights of the admin group and no others. */
  readonly admin: Pool;
  /** With the rights of a gateway. */
  readonly gateway: Pool;
  close(): Promise<void>;
}

const open = (url: string): Pool =>
  createPostgresPool({
    url,
    maxConnections: 8,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 20_000,
    onIdleError: () => undefined, // the next statement meets the same error
  });

/** Opens a database with room for the months around `aroundMs`. */
export async function openBillingDatabase(aroundMs: number): Promise<BillingDatabase> {
  const database = await createTestDatabase();
  const owner = open(database.url);
  const url = new URL(database.url);
  url.searchParams.set('options', '-c role=tollgate_admin');
  const [admin, gateway] = [open(url.href), open(database.gatewayUrl)];
  await owner.query('SELECT tollgate_prepare_usage_months($1)', [new Date(aroundMs)]);
  return {
    owner,
    admin,
    gateway,
    close: async () => {
      await Promise.all([owner.end(), admin.end(), gateway.end()]);
      await database.drop();
    },
  };
}
