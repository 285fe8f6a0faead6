import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool, PoolClient } from 'pg';
import { NO_LIMITS, type Limits } from '@tollgate/domain';
import { findPublicPart, hashApiKey } from '../api-key.js';
import { openTenantDatabase, type TenantDatabase } from '../testing/tenant-database.js';
import { TEST_DEFAULTS, describeTenantSource, type TenantDescription } from '../tenant-source.conformance.js';
import { DatabaseTenantSource } from './database-tenant-source.js';

type Columns = Readonly<Record<string, unknown>>;

const limitColumns = (limits: Partial<Limits> = {}): Columns => ({
  budget_nano_usd: limits.budgetNanoUsd,
  requests_per_minute: limits.requestsPerMinute,
  tokens_per_minute: limits.tokensPerMinute,
  max_concurrency: limits.maxConcurrency,
});

async function upsert(client: PoolClient, table: string, columns: Columns): Promise<void> {
  const names = Object.keys(columns);
  await client.query(
    `INSERT INTO ${table} (${names.join()}) VALUES (${names.map((_, i) => `$${i + 1}`).join()})
     ON CONFLICT (id) DO UPDATE SET (${names.join()}) = ROW (${names.map((name) => `excluded.${name}`).join()})`,
    Object.values(columns),
  );
}

async function upsertTenant(client: PoolClient, tenant: TenantDescription): Promise<void> {
  await upsert(client, 'tenants', {
    id: tenant.id,
    default_model: tenant.defaultModel,
    fallback_model: tenant.fallbackModel,
    allowed_models: tenant.allowedModels,
    allow_expensive: tenant.allowExpensive,
    model_aliases: tenant.modelAliases && Object.fromEntries(tenant.modelAliases),
    task_models: tenant.taskModels && Object.fromEntries(tenant.taskModels),
    max_cost_per_request_nano_usd: tenant.maxCostPerRequestNanoUsd,
    suspended_at: tenant.suspended ? new Date() : null,
    ...limitColumns(tenant.limits),
  });
  for (const { id, limits } of tenant.agents ?? [])
    await client.query('INSERT INTO agents (tenant_id, id, budget_nano_usd) VALUES ($1, $2, $3)', [
      tenant.id,
      id,
      limits.budgetNanoUsd,
    ]);
  for (const { secret, agentId, expiresAtMs, limits } of tenant.keys ?? [])
    await upsert(client, 'api_keys', {
      id: findPublicPart(secret),
      tenant_id: tenant.id,
      secret_sha256: Buffer.from(hashApiKey(secret), 'hex'),
      agent_id: agentId,
      expires_at: expiresAtMs === undefined ? null : new Date(expiresAtMs),
      revoked_at: null,
      ...limitColumns(limits),
    });
}

/** In one transaction; keys that are no longer described stay, revoked, as they would in earnest. */
async function replaceAll(pool: Pool, tenants: readonly TenantDescription[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE api_keys SET revoked_at = now()');
    await client.query('DELETE FROM agents');
    await client.query('DELETE FROM tenants WHERE id <> ALL ($1)', [tenants.map(({ id }) => id)]);
    for (const tenant of tenants) await upsertTenant(client, tenant);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

describeTenantSource('DatabaseTenantSource', {
  features: ['agents', 'expiry', 'key limits', 'suspension'],
  open: async () => {
    const database = await openTenantDatabase();
    return {
      source: new DatabaseTenantSource(database.pool, TEST_DEFAULTS),
      apply: (tenants) => replaceAll(database.pool, tenants),
      takeDown: () => database.takeDown(),
      bringBack: () => database.bringBack(),
      close: () => database.close(),
    };
  },
});

describe('DatabaseTenantSource', () => {
  let database: TenantDatabase;
  let source: DatabaseTenantSource;

  beforeAll(async () => {
    database = await openTenantDatabase();
    source = new DatabaseTenantSource(database.pool, TEST_DEFAULTS);
  });
  afterAll(() => database.close());

  it('loads nothing from empty tables', async () => {
    expect(await source.load()).toEqual({ tenants: [], settings: [], keys: [] });
  });

  it('has increases of budgets in its limits while they last, and a new version when one starts or ends', async () => {
    await replaceAll(database.pool, [
      {
        id: 'acme',
        limits: { ...NO_LIMITS, budgetNanoUsd: 100 },
        agents: [{ id: 'a', limits: { ...NO_LIMITS, budgetNanoUsd: 7 } }],
        keys: PAIR[0]?.keys ?? [],
      },
      { id: 'globex' },
    ]);
    const grant = (tenantId: string, scope: string, from: string, until: string): Promise<unknown> =>
      database.pool.query(
        `INSERT INTO budget_increases (id, tenant_id, scope, amount_nano_usd, starts_at, ends_at, reason, actor, created_at)
         VALUES (gen_random_uuid(), $1, $2, 1000, now() + $3::interval, now() + $4::interval, 'launch', 'ada', now())`,
        [tenantId, scope, from, until],
      );
    const budgets = async (): Promise<unknown> => {
      const { tenants, keys } = await source.load();
      return [
        ...tenants.map(({ limits, agents }) => [limits.budgetNanoUsd, agents.get('a')?.limits.budgetNanoUsd]),
        keys.map(({ limits }) => limits.budgetNanoUsd),
      ];
    };
    const byDefault = TEST_DEFAULTS.limits.budgetNanoUsd ?? 0;
    const versions = [await source.version()];
    await grant('acme', 't', '-1 hour', '1 hour');
    await grant('acme', 'a:a', '-1 hour', '1 hour');
    await grant('acme', `k:${findPublicPart(PAIR[0]?.keys[0]?.secret ?? '')}`, '-1 hour', '1 hour'); // a key without a budget has no limit to raise
    await grant('globex', 't', '-2 hours', '1 hour');
    expect(await budgets()).toEqual([[1100, 1007], [byDefault + 1000, undefined], [undefined]]);
    versions.push(await source.version());
    // The ends pass; nothing raises the version itself.
    await database.pool.query('ALTER TABLE budget_increases DISABLE TRIGGER USER');
    await database.pool.query(
      "UPDATE budget_increases SET starts_at = starts_at - interval '2 hours', ends_at = ends_at - interval '2 hours'",
    );
    expect(await budgets()).toEqual([[100, 7], [byDefault, undefined], [undefined]]);
    versions.push(await source.version());
    // So does the start of another.
    await database.pool.query(
      "UPDATE budget_increases SET starts_at = now() + interval '1 hour', ends_at = now() + interval '2 hours' WHERE tenant_id = 'globex'",
    );
    versions.push(await source.version());
    await database.pool.query("UPDATE budget_increases SET starts_at = now() WHERE tenant_id = 'globex'");
    expect(await budgets()).toEqual([[100, 7], [byDefault + 1000, undefined], [undefined]]);
    versions.push(await source.version());
    expect(await source.version()).toBe(versions.at(-1));
    expect(new Set([versions[0], versions[1], versions[2]]).size).toBe(3);
    expect(versions[4]).not.toBe(versions[3]);
    await database.pool.query('ALTER TABLE budget_increases ENABLE TRIGGER USER');
    await database.pool.query('DELETE FROM budget_increases');
  });

  it('never sees half of a change', async () => {
    let isRunning = true;
    const writer = (async (): Promise<void> => {
      for (let i = 0; i < 30; i += 1) await replaceAll(database.pool, i % 2 ? [] : PAIR);
      isRunning = false;
    })();
    const seen = new Set<string>();
    while (isRunning) {
      const { tenants, keys } = await source.load();
      seen.add(`${tenants.length} tenants, ${keys.length} keys`);
    }
    await writer;
    for (const state of seen) expect(['0 tenants, 0 keys', '2 tenants, 2 keys']).toContain(state);
  });
});

const PAIR = ['acme', 'globex'].map((id) => ({
  id,
  keys: [{ secret: `tg_${id.padEnd(12, '0')}_${'s'.repeat(43)}` }],
}));
