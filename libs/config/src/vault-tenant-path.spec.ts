import { describe, expect, it } from '@jest/globals';
import { parseVaultTenantPath } from './vault-tenant-path.js';

describe('parseVaultTenantPath', () => {
  it.each([
    ['secret/data/tenants/{tenant_id}/llm', 'secret/data/tenants/', 'secret/metadata/tenants/', '/llm'],
    ['team/kv/data/{tenant_id}', 'team/kv/data/', 'team/kv/metadata/', ''],
    ['kv/data/data/{tenant_id}/a/b', 'kv/data/data/', 'kv/metadata/data/', '/a/b'],
  ])('cuts %s', (path, dataPrefix, listPath, suffix) => {
    expect(parseVaultTenantPath(path)).toEqual({ dataPrefix, listPath, suffix });
  });

  it.each([
    'secret/tenants/{tenant_id}',
    'secret/data/tenants',
    'secret/data/{tenant_id}/{tenant_id}',
    'secret/data/x-{tenant_id}',
    'data/{tenant_id}',
    '{tenant_id}/data/x',
    'secret/data/../{tenant_id}',
    'secret/data/./{tenant_id}',
    '/secret/data/{tenant_id}',
    'secret/data//{tenant_id}',
    'secret/data/{tenant_id}/',
    'secret/data/{tenant_id}?version=1',
    'secret/data/%2e%2e/{tenant_id}',
  ])('refuses %s', (path) => {
    expect(parseVaultTenantPath(path)).toBeUndefined();
  });
});
