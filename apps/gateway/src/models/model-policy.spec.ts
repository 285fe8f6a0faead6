import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runToExit } from '../testing/gateway-process.js';
import { ASK, createClient, errorOf } from '../testing/openai-client.js';
import { World } from '../testing/world.js';

describe("a tenant's model policy", () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create({
      gateways: 1,
      env: { OPENAI_ALLOWED_MODELS: 'gpt-4o,gpt-4*mini,gpt-4-turbo,o1', DEFAULT_LLM_MODEL: 'gpt-4o' },
      tenants: {
        named: {
          ALLOWED_MODELS: 'gpt-4o*,o1',
          MODEL_ALIASES: 'fast:quick,quick:gpt-4o-mini,best:o1,gone:gpt-99,gpt-4.1:gpt-4o',
          TASK_MODELS: 'summarization:fast,review:best',
        },
        rich: { ALLOW_EXPENSIVE: 'true', ALLOWED_MODELS: 'o1' },
      },
    });
  });
  afterAll(() => world.close());
  beforeEach(() => world.mock.reset());

  /** The model that the model provider was asked for, after a call with this model and task type. */
  async function modelSent(model: string, taskType?: string, tenantId = 'named'): Promise<unknown> {
    const options = taskType === undefined ? {} : { headers: { 'x-task-type': taskType } };
    await createClient(world, tenantId).chat.completions.create(
      { ...ASK, model, max_completion_tokens: 20 },
      options,
    );
    return (world.mock.requests.at(-1)?.body as { model?: string }).model;
  }

  it.each([
    ['fast', undefined, 'gpt-4o-mini'],
    ['gpt-4.1', undefined, 'gpt-4o'],
    ['gpt-4o-mini', 'review', 'gpt-4o-mini'],
    ['auto', undefined, 'gpt-4o'],
    ['auto', 'execution', 'gpt-4o'],
    ['auto', 'planning', 'gpt-4o-mini'],
    ['auto', 'summarization', 'gpt-4o-mini'],
  ])('sends %s with task type %s as %s', async (model, taskType, sent) => {
    expect(await modelSent(model, taskType)).toBe(sent);
  });

  it('keeps in the ledger what the client wrote beside the model that was used', async () => {
    await modelSent('auto', 'planning', 'acme');
    await world.quietNanoUsd();
    const { rows } = await world.pool.query(
      "SELECT model_asked, model, task_type FROM usage_events WHERE tenant_id = 'acme'",
    );
    expect(rows).toEqual([{ model_asked: 'auto', model: 'gpt-4o-mini', task_type: 'planning' }]);
  });

  it.each([
    ['gpt-4-turbo', undefined, 403, 'model_not_allowed', "This tenant may not use the model 'gpt-4-turbo'."],
    [
      'best',
      undefined,
      403,
      'model_not_allowed',
      "The model 'o1' (best → o1) is expensive, and this tenant may not use expensive models.",
    ],
    [
      'auto',
      'review',
      403,
      'model_not_allowed',
      "The model 'o1' (auto → best → o1) is expensive, and this tenant may not use expensive models.",
    ],
    ['gone', undefined, 404, 'model_not_found', "The model 'gpt-99' (gone → gpt-99) does not exist here."],
    ['o3', undefined, 403, 'model_not_allowed', "This tenant may not use the model 'o3'."],
  ])(
    'refuses %s with task type %s and switches to no other',
    async (model, taskType, status, code, message) => {
      const refused = await errorOf(modelSent(model, taskType));
      expect({ status: refused.status, error: refused.error }).toEqual({
        status,
        error: { message, type: refused.type, code, param: 'model' },
      });
      expect(world.mock.requests).toEqual([]);
    },
  );

  it('lets a tenant use expensive models that may', async () => {
    expect(await modelSent('o1', undefined, 'rich')).toBe('o1');
  });

  it('lists what a key may call, aliases and auto included', async () => {
    const models = await Array.fromAsync(createClient(world, 'named').models.list());
    expect(models).toEqual(
      [
        ['auto', 'tollgate'],
        ['fast', 'named'],
        ['quick', 'named'],
        ['gpt-4.1', 'named'],
        ['gpt-4o', 'openai'],
        ['gpt-4o-mini', 'openai'],
      ].map(([id, owner]) => expect.objectContaining({ id, object: 'model', created: 0, owned_by: owner })),
    );
  });

  it('says at the start which aliases no call can use, without naming a model', () => {
    const findings = (world.gateways[0]?.log ?? [])
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'model policy finding');
    expect(findings).toMatchObject([
      {
        tenantId: 'named',
        setting: 'MODEL_ALIASES',
        problem: 'entry 3 leads to a model that the tenant may not use',
      },
      {
        tenantId: 'named',
        setting: 'MODEL_ALIASES',
        problem: 'entry 4 leads to no model that can be called here',
      },
      {
        tenantId: 'named',
        setting: 'TASK_MODELS',
        problem: 'entry 2 leads to a model that the tenant may not use',
      },
    ]);
    expect(JSON.stringify(findings)).not.toMatch(/gpt-99|best/);
  });

  it('stops the start in strict mode when the environment has such an alias', async () => {
    const { code, output } = await runToExit({
      ...world.env,
      ENV: 'prod',
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'silent',
    });
    expect({ code, output }).toEqual({
      code: 78,
      output: [
        'The configuration has 3 problem(s):',
        '  ConfigurationError TENANT_NAMED_MODEL_ALIASES: entry 3 leads to a model that the tenant may not use. Let it lead to a model that GET /v1/models lists, or remove it.',
        '  ConfigurationError TENANT_NAMED_MODEL_ALIASES: entry 4 leads to no model that can be called here. Let it lead to a model that GET /v1/models lists, or remove it.',
        '  ConfigurationError TENANT_NAMED_TASK_MODELS: entry 2 leads to a model that the tenant may not use. Let it lead to a model that GET /v1/models lists, or remove it.',
        '',
      ].join('\n'),
    });
  });
});
