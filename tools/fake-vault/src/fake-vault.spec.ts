import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeVault } from './fake-vault.js';

describe('FakeVault', () => {
  let vault: FakeVault;
  let nowMs: number;

  beforeEach(async () => {
    nowMs = Date.UTC(2026, 10, 23);
    vault = await FakeVault.start({ now: () => nowMs });
  });
  afterEach(() => vault.stop());

  async function call(path: string, token = '', body?: object): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${vault.url}/v1/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'x-vault-token': token },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, body: await response.json() };
  }

  it('answers versions of a secret in the form of KV version 2', async () => {
    const token = vault.tokens.issue({ ttlSeconds: 0 });
    const metadata = { created_time: '2026-11-23T00:00:00.000Z', custom_metadata: null, destroyed: false };
    vault.kv().put('a/b', { x: 1 });
    vault.kv().put('a/b', { x: 2 });
    expect(await call('secret/data/a/b', token)).toMatchObject({
      status: 200,
      body: { data: { data: { x: 2 }, metadata: { ...metadata, deletion_time: '', version: 2 } } },
    });
    vault.kv().delete('a/b');
    expect(await call('secret/data/a/b', token)).toMatchObject({
      status: 404,
      body: { data: { data: null, metadata: { ...metadata, deletion_time: '2026-11-23T00:00:00.000Z' } } },
    });
    expect(await call('secret/metadata/a/?list=true', token)).toMatchObject({
      body: { data: { keys: ['b'] } },
    });
    expect(await call('secret/metadata/?list=true', token)).toMatchObject({
      body: { data: { keys: ['a/'] } },
    });
    expect(await call('secret/data/nothing', token)).toEqual({ status: 404, body: { errors: [] } });
  });

  it('keeps tokens to their lease, their longest life and their paths', async () => {
    const token = vault.tokens.issue({ ttlSeconds: 60, maxTtlSeconds: 90, denied: /data/ });
    expect((await call('secret/data/x', token)).status).toBe(403);
    nowMs += 59_000;
    expect(await call('auth/token/renew-self', token, {})).toMatchObject({
      status: 200,
      body: { auth: { client_token: token, lease_duration: 31, renewable: true } },
    });
    nowMs += 31_000;
    expect(await call('auth/token/lookup-self', token)).toEqual({
      status: 403,
      body: { errors: ['permission denied'] },
    });
  });

  it('lets in who brings the right fields, on the right mount', async () => {
    vault.logins.add('approle', { role_id: 'r', secret_id: 's' }, { ttlSeconds: 60 });
    expect(await call('auth/approle/login', '', { role_id: 'r', secret_id: 's' })).toMatchObject({
      status: 200,
      body: { auth: { client_token: expect.stringMatching(/^hvs\./), lease_duration: 60, renewable: true } },
    });
    expect(await call('auth/approle/login', '', { role_id: 'r', secret_id: 'x' })).toEqual({
      status: 400,
      body: { errors: ['invalid role or secret ID'] },
    });
    expect((await call('auth/other/login', '', { role_id: 'r' })).status).toBe(404);
  });

  it('is sealed, down and back as it is told, and forgets nothing', async () => {
    const token = vault.tokens.issue({ ttlSeconds: 0 });
    vault.kv().put('x', {});
    vault.seal();
    expect(await call('secret/data/x', token)).toEqual({
      status: 503,
      body: { errors: ['Vault is sealed'] },
    });
    vault.unseal();
    await vault.stop();
    await expect(call('secret/data/x', token)).rejects.toThrow('fetch failed');
    await vault.restart();
    expect((await call('secret/data/x', token)).status).toBe(200);
  });
});
