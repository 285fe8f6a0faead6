import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { modelOperations, tenantOperations } from '@tollgate/admin-contract';
import { AdminWorld } from '../testing/admin-world.js';
import type { AdminClient } from '../testing/admin-client.js';

const { list, resolve } = modelOperations;

describe('models', () => {
  let world: AdminWorld;
  let client: AdminClient;

  beforeAll(async () => {
    world = await AdminWorld.create({ OPENAI_API_KEY: 'sk-upstream', DEFAULT_LLM_MODEL: 'gpt-4o' });
    client = world.client;
    const body = {
      id: 'acme',
      model_aliases: { fast: 'gpt-4o-mini', best: 'o1' },
      allowed_models: ['gpt-4o*', 'o1'],
    };
    await client.ask(tenantOperations.create, { body });
  });
  afterAll(() => world.close());

  it('are listed with their prices, and with whether they can be called', async () => {
    const { body } = await client.ask(list, { query: { search: 'gpt-4o-mini', limit: '1' } });
    expect(body.data).toMatchObject([
      {
        id: 'gpt-4o-mini',
        model_provider: 'openai',
        can_be_called: true,
        context_window: 128_000,
        prices: [
          {
            above_input_tokens: -1,
            input_usd_per_million: '0.15',
            output_usd_per_million: '0.6',
            cached_input_usd_per_million: '0.075',
            input_pico_usd: 150_000,
          },
        ],
      },
    ]);
    const claude = await client.ask(list, { query: { search: 'claude-', limit: '1' } });
    expect(claude.body.data).toMatchObject([{ model_provider: 'anthropic', can_be_called: false }]);
  });

  it('are listed each once, page by page', async () => {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { data, next }: { data: string[]; next: string | null } = await page(cursor);
      ids.push(...data);
      cursor = next;
    }
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids.length).toBeGreaterThan(50);
  });

  async function page(cursor: string): Promise<{ data: string[]; next: string | null }> {
    const { body } = await client.ask(list, { query: { limit: '20', ...(cursor ? { cursor } : {}) } });
    return { data: body.data.map(({ id }) => id), next: body.next_cursor };
  }

  it('are chosen for a call as a gateway would, with the reason', async () => {
    const ask = { tenant_id: 'acme', model: 'fast' };
    expect((await client.ask(resolve, { body: ask })).body).toEqual({
      tenant_id: 'acme',
      model_asked: 'fast',
      task_type: null,
      is_callable: true,
      model: 'gpt-4o-mini',
      model_provider: 'openai',
      fallback_model: null,
      code: null,
      why: [
        "'fast' is an alias for 'gpt-4o-mini'.",
        "The tenant may use 'gpt-4o-mini': its allowed models have 'gpt-4o*'.",
        "There is no fallback: 'gpt-4o-mini' is the fallback model itself.",
      ],
    });
    const planning = await client.ask(resolve, { body: { tenant_id: 'acme', task_type: 'planning' } });
    expect(planning.body).toMatchObject({ model_asked: 'auto', model: 'gpt-4o-mini' });
    const refused = await client.ask(resolve, { body: { tenant_id: 'acme', model: 'best' } });
    expect(refused.body).toMatchObject({
      is_callable: false,
      model: null,
      code: 'model_not_allowed',
      why: ["The model 'o1' (best → o1) is expensive, and this tenant may not use expensive models."],
    });
    expect(await client.refusal(resolve, { body: { tenant_id: 'nobody' } })).toEqual([
      404,
      'tenant_not_found',
    ]);
  });
});

describe('models of an admin API without keys of model providers', () => {
  it('are judged by the whole catalogue', async () => {
    const world = await AdminWorld.create({ LLM_ADAPTER: 'auto' });
    await world.client.ask(tenantOperations.create, { body: { id: 'acme' } });
    const { body } = await world.client.ask(resolve, { body: { tenant_id: 'acme', model: 'gpt-4o-mini' } });
    expect(body).toMatchObject({ is_callable: true });
    await world.close();
  });
});
