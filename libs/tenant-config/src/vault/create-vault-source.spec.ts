import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadSettings, type RawEnvironment } from '@tollgate/config';
import { FakeVault, LOOPBACK_CERTIFICATE } from '@tollgate/fake-vault';
import { systemClock } from '@tollgate/domain';
import pg from 'pg';
import { TenantDirectory } from '../tenant-directory.js';
import type { TenantSource } from '../tenant-source.js';
import { createTenantSource } from '../tenant-source-registry.js';

const fail = (error: unknown): never => {
  throw error;
};

/** The source of a gateway with these variables, its token included. */
function sourceOf(vault: FakeVault, env: RawEnvironment = {}): TenantSource {
  const settings = loadSettings({
    DATABASE_URL: 'postgres://localhost/none',
    TENANT_LLM_CONFIG_SOURCE: 'vault',
    VAULT_ADDR: vault.url,
    VAULT_TOKEN: vault.tokens.issue({ ttlSeconds: 0 }),
    ...env,
  });
  return createTenantSource(settings, new pg.Pool(), fail);
}

describe('createTenantSource with TENANT_LLM_CONFIG_SOURCE=vault', () => {
  it('has a change in force within a second', async () => {
    const vault = await FakeVault.start();
    vault.kv().put('tenants/acme/llm', { rate_limit: 1 });
    const loaded: { resolve?: () => void } = {};
    const directory = new TenantDirectory({
      source: sourceOf(vault),
      clock: systemClock,
      onLoaded: () => loaded.resolve?.(),
      onError: fail,
    });
    await directory.start();
    const changed = new Promise<void>((resolve) => (loaded.resolve = resolve));
    const startedAt = performance.now();
    vault.kv().put('tenants/acme/llm', { rate_limit: 2 });
    await changed;
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(directory.findTenant('acme')?.limits.requestsPerMinute).toBe(2);
    await directory.stop();
    await vault.stop();
  });

  it('stops at once while Vault is silent, and complains of nothing then', async () => {
    const vault = await FakeVault.start();
    const directory = new TenantDirectory({ source: sourceOf(vault), clock: systemClock, onError: fail });
    vault.behave({ isSilent: true });
    const started = directory.start();
    const startedAt = performance.now();
    await directory.stop();
    await started;
    expect(performance.now() - startedAt).toBeLessThan(1000);
    await vault.stop();
  });

  it('reads where VAULT_TENANT_PATH says, also when the id is the last word', async () => {
    const vault = await FakeVault.start();
    vault.kv().put('acme', {});
    vault.kv().put('acme/other', {});
    const source = sourceOf(vault, { VAULT_TENANT_PATH: 'secret/data/{tenant_id}' });
    expect((await source.load()).tenants.map(({ id }) => id)).toEqual(['acme']);
    await source.close();
    await vault.stop();
  });

  it('reads as often as VAULT_POLL_SECONDS needs, with a fifth of it left for reading', async () => {
    const vault = await FakeVault.start();
    expect(sourceOf(vault).pollMs).toBe(800);
    expect(sourceOf(vault, { VAULT_POLL_SECONDS: '30' }).pollMs).toBe(24_000);
    await vault.stop();
  });

  it.each<[string, RawEnvironment, string, Record<string, string>]>([
    [
      'AppRole',
      { VAULT_TOKEN: '', VAULT_ROLE_ID: 'r', VAULT_SECRET_ID: 's' },
      'approle',
      { role_id: 'r', secret_id: 's' },
    ],
    [
      'AppRole elsewhere',
      { VAULT_TOKEN: '', VAULT_ROLE_ID: 'r', VAULT_SECRET_ID: 's', VAULT_AUTH_MOUNT: 'machines' },
      'machines',
      { role_id: 'r', secret_id: 's' },
    ],
    [
      'Kubernetes',
      { VAULT_TOKEN: '', VAULT_K8S_ROLE: 'gateway', VAULT_K8S_JWT_PATH: import.meta.filename },
      'kubernetes',
      { role: 'gateway' },
    ],
  ])('logs in with %s', async (_, env, mount, fields) => {
    const vault = await FakeVault.start();
    vault.logins.add(mount, fields, { ttlSeconds: 60 });
    vault.kv().put('tenants/acme/llm', {});
    const source = sourceOf(vault, env);
    expect((await source.load()).tenants).toHaveLength(1);
    await source.close();
    await vault.stop();
  });

  it('believes a Vault that VAULT_CACERT vouches for, and no other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tollgate-vault-'));
    const caPath = join(folder, 'ca.pem');
    await writeFile(caPath, LOOPBACK_CERTIFICATE.certPem);
    const vault = await FakeVault.start({ tls: LOOPBACK_CERTIFICATE });
    const [trusting, doubting, lost] = [
      sourceOf(vault, { VAULT_CACERT: caPath }),
      sourceOf(vault),
      sourceOf(vault, { VAULT_CACERT: join(folder, 'missing') }),
    ];
    expect(await trusting.load()).toEqual({ tenants: [], settings: [], keys: [] });
    await expect(doubting.load()).rejects.toThrow('Vault cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT)');
    await expect(lost.load()).rejects.toThrow('The file of VAULT_CACERT cannot be read');
    await Promise.all([trusting.close(), doubting.close(), lost.close()]);
    await vault.stop();
    await rm(folder, { recursive: true });
  });
});
