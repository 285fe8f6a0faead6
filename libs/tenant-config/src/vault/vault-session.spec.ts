import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Grant } from '@tollgate/fake-vault';
import { VaultWorld } from '../testing/vault-world.js';
import type { VaultLogin } from './vault-login.js';

const FIELDS = { role_id: 'role-1', secret_id: 'secret-1' };
const APP_ROLE: VaultLogin = { method: 'approle', mount: 'approle', roleId: 'role-1', secretId: 'secret-1' };
const MINUTE_MS = 60_000;

describe('a session with a role', () => {
  let world: VaultWorld;
  beforeEach(async () => {
    world = await VaultWorld.open({ login: () => APP_ROLE });
    world.put('acme');
  });
  afterEach(() => world.close());

  /** Scans, and answers what was asked of Vault beside the list and the secret. */
  async function scan(): Promise<string[]> {
    world.takeRequests();
    await world.source.version();
    return world.takeRequests().filter((request) => !request.includes('secret/'));
  }

  it('logs in once and renews at two thirds of the lease, again and again', async () => {
    world.vault.logins.add('approle', FIELDS, { ttlSeconds: 60 });
    expect(await scan()).toEqual(['POST auth/approle/login']);
    world.nowMs += 39_999;
    expect(await scan()).toEqual([]);
    world.nowMs += 1;
    expect(await scan()).toEqual(['POST auth/token/renew-self']);
    for (let round = 0; round < 3; round += 1) {
      world.nowMs += 40_000;
      expect(await scan()).toEqual(['POST auth/token/renew-self']);
    }
  });

  it('logs in again when the longest life of its token comes near, before it ends', async () => {
    world.vault.logins.add('approle', FIELDS, { ttlSeconds: 60, maxTtlSeconds: 100 });
    await scan();
    world.nowMs += 40_000;
    expect(await scan()).toEqual(['POST auth/token/renew-self']);
    world.nowMs += 40_000;
    expect(await scan()).toEqual(['POST auth/token/renew-self', 'POST auth/approle/login']);
  });

  it('logs in again where a lease cannot be renewed', async () => {
    world.vault.logins.add('approle', FIELDS, { ttlSeconds: 60, renewable: false });
    await scan();
    world.nowMs += 40_000;
    expect(await scan()).toEqual(['POST auth/approle/login']);
  });

  it('logs in again when its lease has ended, or its token was revoked', async () => {
    world.vault.logins.add('approle', FIELDS, { ttlSeconds: 60 });
    await scan();
    world.nowMs += MINUTE_MS;
    expect(await scan()).toEqual(['POST auth/approle/login']);
    world.vault.tokens.revokeAll();
    expect(await scan()).toEqual(['POST auth/approle/login']);
  });

  it('logs in once for all reads that find their token revoked at the same time', async () => {
    world.vault.logins.add('approle', FIELDS, { ttlSeconds: 60 });
    for (let i = 0; i < 20; i += 1) world.put(`t${i}`);
    await scan();
    world.vault.tokens.revokeAll();
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => world.session.get(`secret/data/tenants/t${i}/llm`)),
    );
    expect(world.takeRequests().filter((request) => request.endsWith('login'))).toHaveLength(1);
  });

  it('goes on with its token while renewal and login are out of order, as long as it is good', async () => {
    world.vault.logins.add('approle', FIELDS, { ttlSeconds: 60 });
    await scan();
    world.vault.behave({ status: 500, onPath: /^auth/ });
    world.nowMs += 50_000;
    expect(await scan()).toEqual(['POST auth/token/renew-self', 'POST auth/approle/login']);
    world.nowMs += 10_000;
    await expect(scan()).rejects.toThrow('Vault answered the login with 500');
    world.vault.behave();
    expect(await scan()).toEqual(['POST auth/approle/login']);
  });

  it.each([
    ['the list', /metadata/],
    ['one secret', /acme/],
  ])('does not fill Vault with tokens when its policy says no to %s', async (_, denied) => {
    world.vault.logins.add('approle', FIELDS, { ttlSeconds: 3600, denied });
    const endMs = world.nowMs + MINUTE_MS;
    for (; world.nowMs < endMs; world.nowMs += 500)
      await expect(world.source.version()).rejects.toThrow("Vault answered 403: look at the token's policy");
    // At once, and again after 0, 1, 3, 7, 15 and 31 s.
    expect(world.takeRequests().filter((request) => request.endsWith('login'))).toHaveLength(7);
  });

  it('waits twice as long after every login that is refused, so that no lockout is prolonged', async () => {
    const attempts = async (untilMs: number): Promise<number> => {
      for (; world.nowMs < untilMs; world.nowMs += 500) await world.source.version().catch(() => undefined);
      return world.takeRequests().length;
    };
    world.vault.logins.add('approle', { ...FIELDS, secret_id: 'another' }, { ttlSeconds: 60 });
    expect(await attempts(world.nowMs + MINUTE_MS)).toBe(6); // after 0, 1, 3, 7, 15 and 31 s
    await expect(world.source.version()).rejects.toThrow(
      'Vault has refused the login; it is tried again later',
    );
    world.vault.logins.clear();
    world.vault.logins.add('approle', FIELDS, { ttlSeconds: 60 });
    world.nowMs += MINUTE_MS;
    expect(await world.ids()).toEqual(['acme']);
  });

  it('says in no error who it is', async () => {
    world.vault.logins.add('approle', { ...FIELDS, secret_id: 'another' }, { ttlSeconds: 60 });
    const error: unknown = await world.source.version().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: 'VaultError',
      message: 'Vault answered the login with 400',
      status: 400,
    });
    expect(`${String(error)} ${(error as Error).stack} ${JSON.stringify(error)}`).not.toMatch(
      /role-1|secret-1|hvs\./,
    );
  });
});

describe('a session on another mount', () => {
  it('takes the service account’s token from its file at every login, since Kubernetes replaces it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tollgate-vault-'));
    const jwtPath = join(folder, 'token');
    const login: VaultLogin = { method: 'kubernetes', mount: 'k8s/blue', role: 'gateway', jwtPath };
    const world = await VaultWorld.open({ login: () => login });
    await expect(world.source.version()).rejects.toThrow('The file of VAULT_K8S_JWT_PATH cannot be read');
    for (const jwt of ['first', 'second']) {
      await writeFile(jwtPath, `${jwt}\n`);
      world.vault.logins.clear();
      world.vault.logins.add('k8s/blue', { role: 'gateway', jwt }, { ttlSeconds: 60 });
      world.nowMs += MINUTE_MS;
      expect(await world.ids()).toEqual([]);
      expect(world.takeRequests()[0]).toBe('POST auth/k8s/blue/login');
    }
    await world.close();
    await rm(folder, { recursive: true });
  });
});

describe('a session with a token of its own', () => {
  const open = (grant: Grant): Promise<VaultWorld> =>
    VaultWorld.open({ login: ({ tokens }) => ({ method: 'token', token: tokens.issue(grant) }) });

  it('renews it while it can be, and fails from its end on', async () => {
    const world = await open({ ttlSeconds: 60, maxTtlSeconds: 100 });
    await world.ids();
    for (const elapsedMs of [40_000, 40_000, 19_999]) {
      world.nowMs += elapsedMs;
      expect(await world.ids()).toEqual([]);
    }
    world.nowMs += 1;
    await expect(world.source.version()).rejects.toThrow('Vault answered the look-up of the token with 403');
    await world.close();
  });

  it('has nothing to renew when it never ends', async () => {
    const world = await open({ ttlSeconds: 0 });
    await world.ids();
    world.takeRequests();
    world.nowMs += 365 * 24 * 3_600_000;
    await world.ids();
    expect(world.takeRequests()).toEqual(['GET secret/metadata/tenants/?list=true']);
    await world.close();
  });
});
