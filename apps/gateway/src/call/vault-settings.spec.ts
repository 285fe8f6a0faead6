import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeVault } from '@tollgate/fake-vault';
import { eventually } from '../testing/eventually.js';
import { ASK } from '../testing/openai-client.js';
import { API_KEY, World } from '../testing/world.js';

const API_KEYS = [`sha256:${createHash('sha256').update(API_KEY).digest('hex')}`];
const TENANT_PATH = 'tenants/acme/llm';

describe('tenant settings in Vault', () => {
  let vault: FakeVault;
  let world: World;

  beforeAll(async () => {
    vault = await FakeVault.start();
    vault.logins.add('approle', { role_id: 'role-1', secret_id: 'secret-1' }, { ttlSeconds: 60 });
    vault.kv().put(TENANT_PATH, { api_keys: API_KEYS, model_aliases: { fast: 'gpt-4o-mini' } });
    world = await World.create({
      gateways: 1,
      env: {
        TENANT_LLM_CONFIG_SOURCE: 'vault',
        VAULT_ADDR: vault.url,
        VAULT_ROLE_ID: 'role-1',
        VAULT_SECRET_ID: 'secret-1',
      },
    });
  });
  afterAll(async () => {
    await world.close();
    await vault.stop();
  });

  const call = (model: string): Promise<Response> => world.chat(0, { ...ASK, model, max_tokens: 20 });

  it('serve calls, and stay in force, marked, while Vault is sealed', async () => {
    expect((await call('fast')).headers.get('x-tollgate-degraded')).toBeNull();
    vault.seal();
    await eventually(
      () => call('fast'),
      (response) => {
        expect(response.status).toBe(200);
        expect(response.headers.get('x-tollgate-degraded')).toBe('settings');
      },
    );
    vault.unseal();
    await eventually(
      () => call('fast'),
      (response) => expect(response.headers.get('x-tollgate-degraded')).toBeNull(),
    );
  });

  it('change without a restart, and end with their secret', async () => {
    vault.kv().put(TENANT_PATH, { api_keys: API_KEYS, allowed_models: ['gpt-4o'] });
    await eventually(
      () => call('gpt-4o-mini'),
      (response) => expect(response.status).toBe(403),
    );
    vault.kv().delete(TENANT_PATH);
    await eventually(
      () => call('gpt-4o'),
      (response) => expect(response.status).toBe(401),
    );
  });

  it('leave no credential in the log', () => {
    const log = world.gateways[0]?.log.join('\n') ?? '';
    expect(log).toContain('Vault answered 503');
    expect(log).not.toMatch(/role-1|secret-1|hvs\./);
  });
});
