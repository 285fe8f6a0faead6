import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@tollgate/database/testing';
import { spawnCommandLine, type Finished } from '../testing/spawn-command-line.js';

describe('tollgate resolve', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const fromEnvironment = (...args: readonly string[]): Promise<Finished> =>
    spawnCommandLine(
      {
        DATABASE_URL: 'postgres://localhost:1/nobody-connects',
        OPENAI_API_KEY: 'sk-upstream',
        TENANT_ACME_LLM_MODEL: 'gpt-4o',
        TENANT_ACME_MODEL_ALIASES: 'fast:gpt-4o-mini,best:o1',
        TENANT_ACME_ALLOWED_MODELS: 'gpt-4o*,o1',
      },
      ['resolve', '--tenant', 'acme', ...args],
    );

  it('prints the model of auto and why', async () => {
    expect(await fromEnvironment('--model', 'auto', '--task', 'planning')).toEqual({
      code: 0,
      out: [
        'WHAT\tVALUE',
        'model\tgpt-4o-mini',
        'model provider\topenai',
        'fallback model\t-',
        "why, 1\t'auto' is 'gpt-4o-mini': 'planning' goes to the cheapest that may be used of the tenant's model and its fallback model.",
        "why, 2\tThe tenant may use 'gpt-4o-mini': its allowed models have 'gpt-4o*'.",
        "why, 3\tThere is no fallback: 'gpt-4o-mini' is the fallback model itself.",
        '',
      ].join('\n'),
      err: 'Note: in MODEL_ALIASES, entry 2 leads to a model that the tenant may not use.\n',
    });
  });

  it('prints the same as JSON; auto is asked for when nothing else is', async () => {
    const { code, out } = await fromEnvironment('--json');
    expect({ code, result: JSON.parse(out) as unknown }).toEqual({
      code: 0,
      result: {
        tenant_id: 'acme',
        model_asked: 'auto',
        task_type: null,
        model: 'gpt-4o',
        model_provider: 'openai',
        fallback_model: 'gpt-4o-mini',
        why: [
          "'auto' is 'gpt-4o', the tenant's model.",
          "The tenant may use 'gpt-4o': its allowed models have 'gpt-4o*'.",
          "The fallback model is 'gpt-4o-mini'.",
        ],
      },
    });
  });

  it('exits with 1 and the reason when the gateway would refuse', async () => {
    const { code, out, err } = await fromEnvironment('--model', 'best');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(
      "model_not_allowed: The model 'o1' (best → o1) is expensive, and this tenant may not use expensive models.\n",
    );
  });

  it('needs a tenant that there is, and what a gateway needs', async () => {
    const [missing, unknown, unset] = await Promise.all([
      spawnCommandLine({}, ['resolve']),
      fromEnvironment('--tenant', 'globex'),
      spawnCommandLine({}, ['resolve', '--tenant', 'acme']),
    ]);
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('--tenant') });
    expect(unknown).toMatchObject({ code: 1, err: 'There is no tenant with this id.\n' });
    expect(unset).toMatchObject({ code: 78, err: expect.stringContaining('DATABASE_URL') });
  });

  it('reads tenants from the database as they were created', async () => {
    const env = {
      DATABASE_URL: database.gatewayUrl,
      MIGRATION_DATABASE_URL: database.url,
      TENANT_LLM_CONFIG_SOURCE: 'database',
      OPENAI_API_KEY: 'sk-upstream',
    };
    const settings = ['--model', 'top', '--fallback-model', 'none', '--allow-expensive'];
    const names = ['--model-aliases', 'top:gpt-4o,fast:gpt-4o-mini', '--task-models', 'review:o1'];
    const created = await spawnCommandLine(env, ['tenant', 'create', 'globex', ...settings, ...names]);
    expect(created).toMatchObject({ code: 0, err: '' });
    expect(created.out).toContain(
      '\nexpensive models\tallowed\naliases\ttop:gpt-4o, fast:gpt-4o-mini\nmodels by task type\treview:o1\n',
    );
    const resolve = async (...args: readonly string[]): Promise<unknown> => {
      const { out } = await spawnCommandLine(env, ['resolve', '--tenant', 'globex', '--json', ...args]);
      const { model, fallback_model } = JSON.parse(out) as Record<string, unknown>;
      return [model, fallback_model];
    };
    expect(await resolve()).toEqual(['gpt-4o', null]);
    expect(await resolve('--task', 'review')).toEqual(['o1', null]);
  });
});
