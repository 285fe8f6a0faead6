import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NANO_PER_CENT } from '@tollgate/domain';
import { hashApiKey } from '../api-key.js';
import { describeTenantSource, type TenantDescription } from '../tenant-source.conformance.js';
import { VaultWorld, hashed } from '../testing/vault-world.js';

function secretOf({ limits = {}, ...tenant }: TenantDescription): object {
  const cents = (nanoUsd: number | undefined): number | undefined =>
    nanoUsd === undefined ? undefined : nanoUsd / NANO_PER_CENT;
  return {
    llm_model: tenant.defaultModel,
    llm_fallback_model: tenant.fallbackModel,
    allowed_models: tenant.allowedModels,
    allow_expensive: tenant.allowExpensive,
    model_aliases: tenant.modelAliases && Object.fromEntries(tenant.modelAliases),
    task_models: tenant.taskModels && Object.fromEntries(tenant.taskModels),
    rate_limit: limits.requestsPerMinute,
    tokens_per_minute: limits.tokensPerMinute,
    max_concurrency: limits.maxConcurrency,
    budget_cents: cents(limits.budgetNanoUsd),
    max_cost_per_request: cents(tenant.maxCostPerRequestNanoUsd),
    api_keys: tenant.keys?.map(({ secret }) => hashed(secret)),
  };
}

describeTenantSource('VaultTenantSource', {
  features: [],
  open: async () => {
    const world = await VaultWorld.open();
    return {
      source: world.source,
      apply: async (tenants) => {
        const store = world.vault.kv();
        const kept = new Set(tenants.map(({ id }) => `tenants/${id}/llm`));
        for (const path of store.paths()) if (!kept.has(path)) store.delete(path);
        for (const tenant of tenants)
          world.put(tenant.id, JSON.parse(JSON.stringify(secretOf(tenant))) as object);
      },
      takeDown: () => world.vault.stop(),
      bringBack: () => world.vault.restart(),
      close: () => world.close(),
    };
  },
});

describe('VaultTenantSource', () => {
  let world: VaultWorld;
  beforeEach(async () => {
    world = await VaultWorld.open();
  });
  afterEach(() => world.close());

  it('asks for the list and for each secret once a scan, and for nothing to load what it has scanned', async () => {
    world.put('acme');
    world.put('globex');
    await world.source.version();
    await world.source.load();
    expect(world.takeRequests()).toEqual([
      'GET auth/token/lookup-self',
      'GET secret/metadata/tenants/?list=true',
      'GET secret/data/tenants/acme/llm',
      'GET secret/data/tenants/globex/llm',
    ]);
    await world.source.version();
    expect(world.takeRequests()).toHaveLength(3);
  });

  it('knows a tenant no longer whose newest version was deleted, destroyed or purged, and again when it is back', async () => {
    const store = world.vault.kv();
    const path = 'tenants/acme/llm';
    world.put('acme', { rate_limit: 1 });
    world.put('globex');
    const seen: string[][] = [await world.ids()];
    for (const change of [
      () => store.delete(path),
      () => store.undelete(path),
      () => store.destroy(path),
      () => store.put(path, { rate_limit: 2 }),
      () => store.purge(path),
    ]) {
      change();
      seen.push(await world.ids());
    }
    const both = ['acme', 'globex'];
    expect(seen).toEqual([both, ['globex'], both, ['globex'], both, ['globex']]);
  });

  it('sees a secret that was purged and written anew, though its version counts from 1 again', async () => {
    world.put('acme', { rate_limit: 1 });
    const before = await world.source.version();
    world.vault.kv().purge('tenants/acme/llm');
    world.put('acme', { rate_limit: 2 });
    expect(await world.source.version()).not.toBe(before);
    expect((await world.source.load()).tenants[0]?.limits.requestsPerMinute).toBe(2);
  });

  it('has no tenants when there are none, but fails when the path leads nowhere', async () => {
    expect(await world.ids()).toEqual([]);
    world.vault.behave({ status: 404, body: '{"errors":["no handler for route"]}' });
    await expect(world.source.version()).rejects.toThrow(
      'Vault knows no such path: look at VAULT_TENANT_PATH and VAULT_NAMESPACE',
    );
  });

  it('leaves a tenant as it was whose new secret has a mistake, lets the others change, and says so once', async () => {
    world.put('acme', { rate_limit: 1 });
    world.put('globex', { rate_limit: 1 });
    await world.ids();
    world.put('acme', { rate_limit: 'many', colour: 'secret-red' });
    world.put('globex', { rate_limit: 2 });
    world.put('fresh', { budget_cents: -1 });
    const limits = async (): Promise<unknown> => {
      await world.source.version();
      const { tenants } = await world.source.load();
      return tenants.map((tenant) => [tenant.id, tenant.limits.requestsPerMinute]);
    };
    const expected = [
      ['acme', 1],
      ['globex', 2],
    ];
    expect([await limits(), await limits()]).toEqual([expected, expected]);
    expect(world.findings).toEqual([
      'VaultError: 2 finding(s) in the secrets of tenants: acme (rate_limit: the value is not legal; colour: no such tenant setting), fresh (budget_cents: the value is not legal)',
    ]);
    world.put('acme', { rate_limit: 3 });
    expect(await limits()).toEqual([
      ['acme', 3],
      ['globex', 2],
    ]);
  });

  it('lets a key of two tenants be nobody’s', async () => {
    world.put('acme', { api_keys: [hashed('shared'), hashed('own')] });
    world.put('globex', { api_keys: hashed('shared') });
    await world.source.version();
    const { keys } = await world.source.load();
    expect(keys.map(({ secretSha256 }) => secretSha256)).toEqual([hashApiKey('own')]);
    expect(world.findings.join()).toContain("globex (a key is also another tenant's)");
    expect(world.findings.join()).not.toContain(hashApiKey('shared').slice(0, 12));
  });

  it('asks for nothing under a name that is no tenant id', async () => {
    for (const id of ['..', '%2e%2e', 'Acme', 'a--b', 'a_b', 'a b', 'x'.repeat(64), 'é', '?list=true'])
      world.put(id);
    world.vault.kv().put('tenants/file', {});
    world.put('acme');
    expect(await world.ids()).toEqual(['acme']);
    expect(world.takeRequests().filter((request) => request.includes('/data/'))).toEqual([
      'GET secret/data/tenants/acme/llm',
    ]);
    expect(world.findings).toEqual([
      'VaultError: 1 finding(s) in the secrets of tenants: 9 name(s) that are no tenant ids',
    ]);
  });

  it.each([
    ['sealed', { status: 503 }, 'Vault answered 503: it is sealed or in maintenance'],
    ['out of order', { status: 500 }, 'Vault answered 500'],
    ['redirecting', { status: 307, headers: { location: 'http://127.0.0.1:1/' } }, 'Vault answered 307'],
    ['saying no', { status: 403 }, "Vault answered 403: look at the token's policy"],
    ['limiting', { status: 429 }, 'Vault answered 429: its rate limit is used up'],
    ['no Vault', { status: 200, body: '<html>' }, 'Vault answered the list of tenants with something else'],
    [
      'another engine',
      { status: 200, body: '{"data":{"keys":[1]}}' },
      'Vault answered the list of tenants with something else',
    ],
    [
      'talking without end',
      { status: 200, body: 'x'.repeat(5 * 1024 * 1024) },
      'Vault cannot be reached (UND_ERR_RES_EXCEEDED_MAX_SIZE)',
    ],
  ])(
    'fails as a whole while Vault is %s, and knows the same as before afterwards',
    async (_, trouble, message) => {
      world.put('acme');
      const version = await world.source.version();
      world.vault.behave({ ...trouble, onPath: /metadata/ });
      await expect(world.source.version()).rejects.toThrow(message);
      world.vault.behave();
      expect(await world.source.version()).toBe(version);
    },
  );

  it('fails as a whole when a single secret cannot be read', async () => {
    world.put('acme');
    world.put('globex');
    world.vault.behave({ status: 500, onPath: /globex/ });
    await expect(world.source.version()).rejects.toThrow('Vault answered 500');
  });

  it('leaves Vault alone for as long as it asks', async () => {
    world.vault.behave({ status: 429, headers: { 'retry-after': '7' }, onPath: /metadata/ });
    await expect(world.source.version()).rejects.toThrow('429');
    world.vault.behave();
    world.takeRequests();
    world.nowMs += 6999;
    await expect(world.source.version()).rejects.toThrow('Vault wants to be left alone for a while');
    expect(world.takeRequests()).toEqual([]);
    world.nowMs += 1;
    expect(await world.ids()).toEqual([]);
  });

  it('gives up on a Vault that is silent, after the timeout', async () => {
    const impatient = await VaultWorld.open({ timeoutMs: 50 });
    impatient.vault.behave({ isSilent: true });
    await expect(impatient.source.version()).rejects.toThrow(/^Vault cannot be reached \(\w+\)$/);
    await impatient.close();
  });

  it('reads no more than eight secrets at a time, and all of many', async () => {
    const ids = Array.from({ length: 100 }, (_, i) => `t${100 + i}`);
    for (const id of ids) world.put(id);
    world.vault.behave({ delayMs: 5 });
    expect(await world.ids()).toEqual(ids);
    expect(world.vault.mostAtOnce).toBe(8);
  });

  it('reads and logs in within its namespace alone', async () => {
    const inside = await VaultWorld.open({ namespace: 'team/a' });
    inside.put('acme', {}, 'team/a');
    inside.put('globex');
    expect(await inside.ids()).toEqual(['acme']);
    expect(new Set(inside.vault.requests.map(({ namespace }) => namespace))).toEqual(new Set(['team/a']));
    await inside.close();
  });
});
