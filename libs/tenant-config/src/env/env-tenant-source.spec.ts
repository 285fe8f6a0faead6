import { describe, expect, it } from '@jest/globals';
import { parseTenantVariables, type Problem } from '@tollgate/config';
import { NANO_PER_CENT } from '@tollgate/domain';
import { createApiKey, hashApiKey } from '../api-key.js';
import { TenantSource, type TenantRecords } from '../tenant-source.js';
import { TEST_DEFAULTS, describeTenantSource, type TenantDescription } from '../tenant-source.conformance.js';
import { EnvTenantSource } from './env-tenant-source.js';

type Variables = Record<string, string | undefined>;

function variablesOf(tenant: TenantDescription): Variables {
  const { limits = {} } = tenant;
  const cents = (nanoUsd: number | undefined): string | undefined =>
    nanoUsd === undefined ? undefined : String(nanoUsd / NANO_PER_CENT);
  const pairs = (models: TenantDescription['modelAliases']): string | undefined =>
    models && [...models].map(([name, model]) => `${name}:${model}`).join(',');
  const settings: Variables = {
    LLM_MODEL: tenant.defaultModel,
    LLM_FALLBACK_MODEL: tenant.fallbackModel,
    ALLOWED_MODELS: tenant.allowedModels?.join(','),
    MODEL_ALIASES: pairs(tenant.modelAliases),
    TASK_MODELS: pairs(tenant.taskModels),
    ALLOW_EXPENSIVE: tenant.allowExpensive?.toString(),
    RATE_LIMIT: limits.requestsPerMinute?.toString(),
    TOKENS_PER_MINUTE: limits.tokensPerMinute?.toString(),
    MAX_CONCURRENCY: limits.maxConcurrency?.toString(),
    BUDGET_CENTS: cents(limits.budgetNanoUsd),
    MAX_COST_PER_REQUEST: cents(tenant.maxCostPerRequestNanoUsd),
    API_KEYS: tenant.keys?.map(({ secret }) => secret).join(','),
  };
  const prefix = `TENANT_${tenant.id.toUpperCase().replaceAll('-', '_')}_`;
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [prefix + name, value]));
}

function parse(env: Variables): EnvTenantSource {
  const problems: Problem[] = [];
  const source = new EnvTenantSource(parseTenantVariables(env, problems), TEST_DEFAULTS);
  expect(problems).toEqual([]);
  return source;
}

/** The environment of a process cannot change or be down, so both are played here: each edition is a process of its own. */
class ChangingEnvironment extends TenantSource {
  #current = new EnvTenantSource([], TEST_DEFAULTS);
  #edition = 0;
  isDown = false;

  change(env: Variables): void {
    this.#current = parse(env);
    this.#edition += 1;
  }

  async version(): Promise<string> {
    if (this.isDown) throw new Error('The environment is out of reach');
    return `${this.#edition}:${await this.#current.version()}`;
  }

  load(): Promise<TenantRecords> {
    return this.#current.load();
  }
}

describeTenantSource('EnvTenantSource', {
  features: [],
  open: async () => {
    const source = new ChangingEnvironment();
    return {
      source,
      apply: async (tenants) => source.change(Object.assign({}, ...tenants.map(variablesOf)) as Variables),
      takeDown: async () => void (source.isDown = true),
      bringBack: async () => void (source.isDown = false),
      close: async () => undefined,
    };
  },
});

describe('EnvTenantSource', () => {
  it('names keys by their hash, whether they are given plain or hashed', async () => {
    const plain = createApiKey();
    const hashed = 'a key that only its hash is known of';
    const source = parse({
      TENANT_ACME_API_KEYS: `${plain.secret},sha256:${hashApiKey(hashed).toUpperCase()}`,
    });
    const { keys } = await source.load();
    expect(keys.map(({ id }) => id)).toEqual([
      plain.secretSha256.slice(0, 12),
      hashApiKey(hashed).slice(0, 12),
    ]);
  });

  it('reads budgets and the most a request may cost in cents', async () => {
    const source = parse({ TENANT_ACME_BUDGET_CENTS: '250', TENANT_ACME_MAX_COST_PER_REQUEST: '3' });
    const { tenants } = await source.load();
    expect(tenants[0]).toMatchObject({
      limits: { budgetNanoUsd: 2_500_000_000 },
      maxCostPerRequestNanoUsd: 30_000_000,
    });
  });

  it('stands still for the life of a process', async () => {
    const source = parse({ TENANT_ACME_RATE_LIMIT: '1' });
    expect(await source.version()).toBe(await source.version());
    expect(await source.load()).toEqual(await source.load());
  });
});
