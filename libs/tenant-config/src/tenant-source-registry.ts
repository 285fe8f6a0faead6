import type { Pool } from 'pg';
import type { Environment, Settings } from '@tollgate/config';
import { DatabaseTenantSource } from './database/database-tenant-source.js';
import { EnvTenantSource } from './env/env-tenant-source.js';
import type { TenantSource } from './tenant-source.js';
import { tenantDefaults, type TenantDefaults } from './tenant-settings.js';

type CreateSource = (settings: Settings, defaults: TenantDefaults, pool: Pool) => TenantSource;

const SOURCES: Record<Environment['TENANT_LLM_CONFIG_SOURCE'], CreateSource> = {
  env: (settings, defaults) => new EnvTenantSource(settings.tenants, defaults),
  database: (_, defaults, pool) => new DatabaseTenantSource(pool, defaults),
};

/** The source that TENANT_LLM_CONFIG_SOURCE names. */
export function createTenantSource(settings: Settings, pool: Pool): TenantSource {
  return SOURCES[settings.env.TENANT_LLM_CONFIG_SOURCE](settings, tenantDefaults(settings.env), pool);
}
