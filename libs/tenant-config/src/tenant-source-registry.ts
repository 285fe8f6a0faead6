import type { Pool } from 'pg';
import type { Environment, Settings } from '@tollgate/config';
import { DatabaseTenantSource } from './database/database-tenant-source.js';
import { EnvTenantSource } from './env/env-tenant-source.js';
import type { TenantSource } from './tenant-source.js';
import { createVaultSource } from './vault/create-vault-source.js';
import { tenantDefaults, type TenantDefaults } from './tenant-settings.js';

type CreateSource = (
  settings: Settings,
  defaults: TenantDefaults,
  pool: Pool,
  onFinding: (error: unknown) => void,
) => TenantSource;

const SOURCES: Record<Environment['TENANT_LLM_CONFIG_SOURCE'], CreateSource> = {
  env: (settings, defaults) => new EnvTenantSource(settings.tenants, defaults),
  database: (_, defaults, pool) => new DatabaseTenantSource(pool, defaults),
  vault: ({ env }, defaults, _, onFinding) => createVaultSource(env, defaults, onFinding),
};

/** The source that TENANT_LLM_CONFIG_SOURCE names. `onFinding` is told of single tenants that it cannot use. */
export function createTenantSource(
  settings: Settings,
  pool: Pool,
  onFinding: (error: unknown) => void,
): TenantSource {
  const { env } = settings;
  return SOURCES[env.TENANT_LLM_CONFIG_SOURCE](settings, tenantDefaults(env), pool, onFinding);
}
