import { describe, expect, it } from '@jest/globals';
import { modelOperations, tenantOperations } from '@tollgate/admin-contract';
import { AdminWorld } from '../testing/admin-world.js';

const { create, readEffective } = tenantOperations;
const params = { tenant_id: 'acme' };

describe('the effective settings of a tenant', () => {
  it('say what the database has, and what is the default', async () => {
    const world = await AdminWorld.create({ DEFAULT_TENANT_RATE_LIMIT: '7', DEFAULT_LLM_MODEL: 'gpt-4o' });
    const body = {
      id: 'acme',
      default_model: 'fast',
      model_aliases: { fast: 'gpt-4o-mini' },
      budget_usd: '0',
    };
    await world.client.ask(create, { body });
    const { body: told } = await world.client.ask(readEffective, { params });
    expect(told).toMatchObject({
      tenant_id: 'acme',
      config_hash: expect.stringMatching(/^[0-9a-f]{12}$/),
      settings: {
        default_model: { value: 'fast', source: 'database' },
        model_aliases: { value: { fast: 'gpt-4o-mini' }, source: 'database' },
        budget_usd: { value: '0', source: 'database' },
        budget_nano_usd: { value: 0, source: 'database' },
        requests_per_minute: { value: 7, source: 'default' },
        max_concurrency: { value: null, source: 'default' },
        allow_expensive: { value: false, source: 'default' },
        run_budget_usd: { value: null, source: 'default' },
      },
    });
    expect(Object.keys(told.settings)).toHaveLength(15);
    await world.close();
  });

  it('say what the environment has, where gateways take their tenants from there', async () => {
    const world = await AdminWorld.create({
      TENANT_LLM_CONFIG_SOURCE: 'env',
      TENANT_ACME_LLM_MODEL: 'gpt-4o-mini',
      TENANT_ACME_BUDGET_CENTS: '500',
    });
    const { body } = await world.client.ask(readEffective, { params });
    expect(body.settings).toMatchObject({
      default_model: { value: 'gpt-4o-mini', source: 'env' },
      budget_usd: { value: '5', source: 'env' },
      fallback_model: { value: 'gpt-4o-mini', source: 'default' },
    });
    await world.client.ask(create, { body: { id: 'elsewhere' } });
    const elsewhere = { tenant_id: 'elsewhere' };
    expect(await world.client.refusal(readEffective, { params: elsewhere })).toEqual([
      404,
      'tenant_not_found',
    ]);
    expect((await world.client.ask(modelOperations.resolve, { body: params })).body).toMatchObject({
      model: 'gpt-4o-mini',
    });
    await world.close();
  });

  it('are not made up while their source is away', async () => {
    const world = await AdminWorld.create({
      TENANT_LLM_CONFIG_SOURCE: 'vault',
      VAULT_ADDR: 'http://127.0.0.1:1',
      VAULT_TOKEN: 'never-say-this',
    });
    const { status, body, text } = await world.client.problem(readEffective, { params });
    expect([status, body.code]).toEqual([503, 'tenant_settings_unavailable']);
    expect(text + world.log.join('')).not.toContain('never-say-this');
    await world.close();
  });
});
