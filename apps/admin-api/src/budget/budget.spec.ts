import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { budgetOperations, tenantOperations } from '@tollgate/admin-contract';
import { NO_LIMITS, monthOf, uuidV7 } from '@tollgate/domain';
import { RedisBudgetStore, connectRedis, type Hold, type TotalsReader } from '@tollgate/stores';
import { AdminWorld } from '../testing/admin-world.js';
import type { AdminClient } from '../testing/admin-client.js';

const { read, replace } = budgetOperations;
const params = { tenant_id: 'acme' };

async function spend(world: AdminWorld, nanoUsd: number): Promise<void> {
  await world.pool.query(
    `INSERT INTO budget_totals (tenant_id, scope, "window", total_nano_usd, version) VALUES ('acme', 't', $1, $2, 1)
     ON CONFLICT (tenant_id, scope, "window") DO UPDATE SET total_nano_usd = $2, version = budget_totals.version + 1`,
    [monthOf(Date.now()), nanoUsd],
  );
}

const holdOf = (tenantId: string, amountNanoUsd: number): Hold => ({
  requestId: uuidV7(Date.now()),
  tenantId,
  scopes: [{ scope: 't', window: monthOf(Date.now()), limits: NO_LIMITS }],
  amountNanoUsd,
  tokens: 1,
  ttlMs: 60_000,
  facts: '{}',
});

describe('the budget of a tenant', () => {
  let world: AdminWorld;
  let client: AdminClient;

  beforeAll(async () => {
    world = await AdminWorld.create({ DEFAULT_TENANT_BUDGET_CENTS: '1000' });
    client = world.client;
    await client.ask(tenantOperations.create, { body: { id: 'acme' } });
  });
  afterAll(() => world.close());

  it('is the default until it has its own, and counts what the ledger says', async () => {
    await spend(world, 2_500_000_000);
    const { body, etag } = await client.ask(read, { params });
    expect(body).toEqual({
      tenant_id: 'acme',
      month: monthOf(Date.now()),
      resets_at: expect.stringMatching(/-01T00:00:00\.000Z$/),
      budget_usd: '10',
      budget_nano_usd: 10_000_000_000,
      increase_usd: '0',
      increase_nano_usd: 0,
      source: 'default',
      settled_usd: '2.5',
      settled_nano_usd: 2_500_000_000,
      held_usd: null,
      held_nano_usd: null,
      remaining_usd: '7.5',
      remaining_nano_usd: 7_500_000_000,
      forecast_usd: '0',
      forecast_nano_usd: 0,
      forecast_days: 0,
    });
    const lowered = await client.ask(replace, { params, ifMatch: etag, body: { budget_usd: '1' } });
    expect(lowered.body).toMatchObject({ budget_usd: '1', source: 'database', remaining_usd: '0' });
    const none = await client.ask(replace, {
      params,
      ifMatch: lowered.etag,
      body: { budget_nano_usd: null },
    });
    expect(none.body).toMatchObject({ budget_usd: '10', source: 'default' });
    const { rows } = await world.pool.query(
      "SELECT before, after FROM audit_log WHERE action = 'budget.replace' ORDER BY seq LIMIT 1",
    );
    expect(rows).toEqual([
      {
        before: { budget_usd: null, budget_nano_usd: null },
        after: { budget_usd: '1', budget_nano_usd: 1_000_000_000 },
      },
    ]);
  });

  it.each([
    '{}',
    '{"budget_nano_usd":9223372036854775808}',
    '{"budget_usd":"1","budget_nano_usd":2}',
    '{"budget_nano_usd":-1}',
  ])('is not changed by %s', async (body) => {
    const { etag } = await client.ask(read, { params });
    expect(await client.refusal(replace, { params, ifMatch: etag, body })).toEqual([400, 'invalid_request']);
  });
});

describe('the budget of a tenant whose gateways keep it in Redis', () => {
  it('shows what is held, and does without while Redis is away', async () => {
    const url = process.env['TEST_REDIS_URL'] ?? '';
    const [world, dead] = await Promise.all([
      AdminWorld.create({ REDIS_URL: url }),
      AdminWorld.create({ REDIS_URL: 'redis://127.0.0.1:1' }),
    ]);
    const id = `held-${Date.now()}`;
    for (const { client } of [world, dead])
      await client.ask(tenantOperations.create, { body: { id, budget_usd: '1' } });
    const totals: TotalsReader = {
      readTotals: async (tenantId, windows) =>
        windows.map((window) => ({ ...window, tenantId, totalNanoUsd: 0, version: 0 })),
    };
    const redis = connectRedis(url, { replyTimeoutMs: 5000 }, () => undefined);
    const store = new RedisBudgetStore({ redis, totals, onBackgroundError: () => undefined });
    await store.start();
    await store.hold(holdOf(id, 400_000_000));
    const shown = await world.client.ask(read, { params: { tenant_id: id } });
    expect(shown.body).toMatchObject({ held_usd: '0.4', remaining_usd: '0.6' });
    const blind = await dead.client.ask(read, { params: { tenant_id: id } });
    expect(blind.body).toMatchObject({ held_usd: null, remaining_usd: '1' });
    await store.stop();
    await Promise.all([world.close(), dead.close()]);
  });
});
