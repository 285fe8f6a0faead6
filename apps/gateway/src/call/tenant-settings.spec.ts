import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TenantAdmin } from '@tollgate/tenant-config';
import { eventually } from '../testing/eventually.js';
import { scrape, sumOf } from '../testing/metrics-text.js';
import { ASK, PROMPT_TOKENS } from '../testing/openai-client.js';
import { PRICE, World } from '../testing/world.js';

const CALL_COST_NANO_USD = PROMPT_TOKENS * PRICE.input + 20 * PRICE.output;
/** What a call with ASK and 20 output tokens holds, and a little more. */
const ROOM_FOR_ONE_NANO_USD = 60_000;
/** Settings are in force within a second; the other one is for a busy machine. */
const IN_FORCE_MS = 2000;

describe('tenant settings in the database', () => {
  let world: World;
  let admin: TenantAdmin;

  beforeAll(async () => {
    world = await World.create({
      gateways: 2,
      ownPostgres: true,
      env: { TENANT_LLM_CONFIG_SOURCE: 'database', HEALTH_CHECK_TIMEOUT_SECONDS: '1' },
    });
    admin = new TenantAdmin(world.pool);
  });
  afterAll(() => world.close());
  beforeEach(() => world.mock.reset());

  const everywhere = [0, 1] as const;

  const call = (
    secret: string,
    gateway = 0,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> =>
    world.chat(
      gateway,
      { ...ASK, max_tokens: 20 },
      { headers: { authorization: `Bearer ${secret}`, ...headers } },
    );

  async function errorOf(response: Response): Promise<Record<string, unknown>> {
    const { error } = (await response.json()) as { error: Record<string, unknown> };
    return { status: response.status, ...error };
  }

  /** Waits until both gateways let a key through, or do not; fails when that takes longer than settings may take. */
  async function expectStatus(secret: string, status: number): Promise<void> {
    const deadline = Date.now() + IN_FORCE_MS;
    for (const gateway of everywhere) {
      await eventually(
        () => fetch(`${world.gateways[gateway]?.url}/v1/models`, { headers: { 'api-key': secret } }),
        (response) => expect(response.status).toBe(status),
      );
    }
    expect(Date.now()).toBeLessThanOrEqual(deadline);
  }

  async function createTenant(id: string, draft: object = {}): Promise<string> {
    await admin.createTenant({ id, ...draft });
    const { secret } = await admin.createKey(id);
    await expectStatus(secret, 200);
    return secret;
  }

  it('let a new key in within a second, and a revoked one no longer', async () => {
    await admin.createTenant({ id: 'revoking' });
    const { secret, key } = await admin.createKey('revoking');
    await expectStatus(secret, 200);
    expect((await call(secret)).status).toBe(200);
    await admin.revokeKey(key.id);
    await expectStatus(secret, 401);
    expect(await errorOf(await call(secret))).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  it('take an edited budget into force within a second on every gateway, and reset nothing', async () => {
    const secret = await createTenant('edited', { limits: { budgetNanoUsd: 10_000_000 } });
    for (const gateway of everywhere) expect((await call(secret, gateway)).status).toBe(200);
    expect(await world.quietNanoUsd(undefined, 'edited')).toBe(2 * CALL_COST_NANO_USD);
    const edit = async (budgetNanoUsd: number): Promise<void> => {
      await world.pool.query('UPDATE tenants SET budget_nano_usd = $1 WHERE id = $2', [
        budgetNanoUsd,
        'edited',
      ]);
    };
    const limitsSeen = async (): Promise<unknown[]> =>
      Promise.all(
        world.gateways.map(async ({ url }) => {
          const response = await fetch(`${url}/v1/usage`, { headers: { 'api-key': secret } });
          return ((await response.json()) as { budget_nano_usd: number }).budget_nano_usd;
        }),
      );

    const lowered = 2 * CALL_COST_NANO_USD + 1;
    const startMs = Date.now();
    await edit(lowered);
    await eventually(limitsSeen, (seen) => expect(seen).toEqual([lowered, lowered]));
    expect(Date.now() - startMs).toBeLessThanOrEqual(IN_FORCE_MS);
    for (const gateway of everywhere)
      expect(await errorOf(await call(secret, gateway))).toMatchObject({
        code: 'insufficient_quota',
        limit: lowered,
        used: 2 * CALL_COST_NANO_USD,
        held: 0,
      });

    await edit(20_000_000);
    await eventually(limitsSeen, (seen) => expect(seen).toEqual([20_000_000, 20_000_000]));
    for (const gateway of everywhere) expect((await call(secret, gateway)).status).toBe(200);
    expect(await world.quietNanoUsd(undefined, 'edited')).toBe(4 * CALL_COST_NANO_USD);
  });

  it('hold an agent to its own budget, and others not', async () => {
    const secret = await createTenant('agents');
    await admin.createAgent('agents', { id: 'planner', limits: { budgetNanoUsd: ROOM_FOR_ONE_NANO_USD } });
    const { secret: bound } = await admin.createKey('agents', { agentId: 'planner' });
    await expectStatus(bound, 200);
    expect((await call(bound)).status).toBe(200);
    await world.quietNanoUsd(undefined, 'agents');
    expect(await errorOf(await spendAll(secret, { 'x-agent-id': 'planner' }))).toMatchObject({
      code: 'insufficient_quota',
      scope: 'agent',
      limit: ROOM_FOR_ONE_NANO_USD,
    });
    expect((await call(secret, 0, { 'x-agent-id': 'writer' })).status).toBe(200);
    expect((await call(secret)).status).toBe(200);
  });

  /** Calls until the budget refuses. */
  async function spendAll(secret: string, headers: Record<string, string> = {}): Promise<Response> {
    for (let calls = 0; calls < 20; calls += 1) {
      const response = await call(secret, calls, headers);
      if (response.status !== 200) return response;
    }
    throw new Error('the budget never refused');
  }

  it('bill a key that is bound to an agent to that agent, and let it name no other', async () => {
    await admin.createTenant({ id: 'bound' });
    await admin.createAgent('bound', { id: 'planner' });
    const { secret } = await admin.createKey('bound', { agentId: 'planner' });
    await expectStatus(secret, 200);
    expect(await errorOf(await call(secret, 0, { 'x-agent-id': 'writer' }))).toEqual({
      status: 403,
      message: 'This API key may act for another agent only.',
      type: 'permission_error',
      param: 'x-agent-id',
      code: 'agent_not_allowed',
    });
    expect((await call(secret, 0, { 'x-agent-id': 'planner' })).status).toBe(200);
    expect((await call(secret)).status).toBe(200);
    await world.quietNanoUsd(undefined, 'bound');
    const { rows } = await world.pool.query(
      "SELECT DISTINCT agent_id FROM usage_events WHERE tenant_id = 'bound'",
    );
    expect(rows).toEqual([{ agent_id: 'planner' }]);
    const samples = await scrape(world.gateways[0]?.url ?? '');
    const labels = { tenant_id: 'bound', agent_id: 'planner', status: 'completed' };
    expect(sumOf(samples, 'nova_llm_invocations_total', labels)).toBe(2);
  });

  it('hold a key to its own budget, and other keys of the tenant not', async () => {
    const secret = await createTenant('keys');
    const { secret: small } = await admin.createKey('keys', {
      limits: { budgetNanoUsd: ROOM_FOR_ONE_NANO_USD },
    });
    await expectStatus(small, 200);
    expect((await call(small)).status).toBe(200);
    expect(await errorOf(await spendAll(small))).toMatchObject({ code: 'insufficient_quota', scope: 'key' });
    expect((await call(secret)).status).toBe(200);
  });

  it('hold every run to its own total', async () => {
    const secret = await createTenant('runs', { runBudgetNanoUsd: ROOM_FOR_ONE_NANO_USD });
    expect(await errorOf(await spendAll(secret, { 'x-run-id': 'run-1' }))).toMatchObject({
      code: 'insufficient_quota',
      scope: 'run',
      limit: ROOM_FOR_ONE_NANO_USD,
      window: 'total',
      resets_at: null,
    });
    expect((await call(secret, 0, { 'x-run-id': 'run-2' })).status).toBe(200);
    expect((await call(secret)).status).toBe(200);
  });

  it('are served stale while the database is down, which is marked', async () => {
    const secret = await createTenant('stale');
    expect((await call(secret)).status).toBe(200);
    await world.quietNanoUsd(undefined, 'stale');
    await world.postgres?.kill();
    const gatewayUrl = world.gateways[0]?.url ?? '';
    await eventually(
      () => scrape(gatewayUrl),
      (samples) => expect(sumOf(samples, 'tollgate_tenant_settings_age_seconds')).toBeGreaterThan(0),
    );
    expect((await call(secret)).status).toBe(200);
    expect(await (await fetch(`${gatewayUrl}/health`)).json()).toMatchObject({
      status: 'degraded',
      components: { database: { status: 'down' }, redis: { status: 'up' } },
    });
    expect((await fetch(`${gatewayUrl}/health/ready`)).status).toBe(200);
    await world.postgres?.restart();
    expect(await world.quietNanoUsd(undefined, 'stale')).toBe(2 * CALL_COST_NANO_USD);
    await eventually(
      () => scrape(gatewayUrl),
      (samples) => expect(sumOf(samples, 'tollgate_tenant_settings_age_seconds')).toBe(0),
    );
  });
});
