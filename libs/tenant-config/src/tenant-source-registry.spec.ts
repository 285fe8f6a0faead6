import { describe, expect, it } from '@jest/globals';
import { loadSettings } from '@tollgate/config';
import pg from 'pg';
import { DatabaseTenantSource } from './database/database-tenant-source.js';
import { EnvTenantSource } from './env/env-tenant-source.js';
import { createTenantSource } from './tenant-source-registry.js';

const ENV = { DATABASE_URL: 'postgres://localhost/none', TENANT_ACME_RATE_LIMIT: '3' };

const fail = (error: unknown): never => {
  throw error;
};

describe('createTenantSource', () => {
  const pool = new pg.Pool(); // connects to nothing until it is asked

  it('serves the tenants of the environment with its defaults, unless told otherwise', async () => {
    const source = createTenantSource(loadSettings({ ...ENV, DEFAULT_TENANT_BUDGET_CENTS: '0' }), pool, fail);
    expect(source).toBeInstanceOf(EnvTenantSource);
    expect((await source.load()).tenants).toMatchObject([
      {
        id: 'acme',
        defaultModel: 'claude-sonnet-4-20250514',
        fallbackModel: 'gpt-4o-mini',
        limits: {
          budgetNanoUsd: 0,
          requestsPerMinute: 3,
          tokensPerMinute: 100_000,
          maxConcurrency: undefined,
        },
      },
    ]);
  });

  it('serves those of the database when TENANT_LLM_CONFIG_SOURCE says so', () => {
    const settings = loadSettings({ ...ENV, TENANT_LLM_CONFIG_SOURCE: 'database' });
    expect(createTenantSource(settings, pool, fail)).toBeInstanceOf(DatabaseTenantSource);
  });
});
