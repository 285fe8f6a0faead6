import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPostgresPool } from '@tollgate/database';
import { NANO_PER_USD } from '@tollgate/domain';
import { TenantAdmin, TenantAdminError } from '@tollgate/tenant-config';

const TENANT_ID = 'demo';
const BUDGET_USD = 10;

async function createTenantOnce(admin: TenantAdmin): Promise<void> {
  try {
    await admin.createTenant({ id: TENANT_ID, limits: { budgetNanoUsd: BUDGET_USD * NANO_PER_USD } });
  } catch (error) {
    if (!(error instanceof TenantAdminError) || error.code !== 'tenant_exists') throw error;
  }
}

/** The key of the tenant `demo` ($10 a month); both are made at the first start, and the key is kept in the data folder. */
export async function openDemoTenant(databaseUrl: string, dataFolder: string): Promise<string> {
  const keyFile = join(dataFolder, 'demo-key');
  const known = await readFile(keyFile, 'utf8').catch(() => undefined);
  if (known) return known;
  const pool = createPostgresPool({
    url: databaseUrl,
    maxConnections: 1,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 5000,
    onIdleError: () => undefined, // the next query says it
  });
  try {
    const admin = new TenantAdmin(pool);
    await createTenantOnce(admin);
    const { secret } = await admin.createKey(TENANT_ID, { name: 'npm start' });
    await writeFile(keyFile, secret, { mode: 0o600 });
    return secret;
  } finally {
    await pool.end();
  }
}
