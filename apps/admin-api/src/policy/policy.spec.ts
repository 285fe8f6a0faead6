import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tenantOperations } from '@tollgate/admin-contract';
import { AdminWorld } from '../testing/admin-world.js';
import type { AdminClient, Told } from '../testing/admin-client.js';

const { create, readPolicy, replacePolicy, patch, read } = tenantOperations;
const params = { tenant_id: 'acme' };

describe("a tenant's policy", () => {
  let world: AdminWorld;
  let client: AdminClient;

  beforeAll(async () => {
    world = await AdminWorld.create({ OPENAI_ALLOWED_MODELS: 'gpt-4o,gpt-4o-mini,o1' });
    client = world.client;
    await client.ask(create, { body: { id: 'acme', budget_usd: '7', default_model: 'gpt-4o' } });
  });
  afterAll(() => world.close());

  const etag = async (): Promise<string> => (await client.ask(readPolicy, { params })).etag;
  const replace = async (body: object, query = {}): Promise<Told<{ warnings: unknown; changes: unknown }>> =>
    client.ask(replacePolicy, { params, ifMatch: await etag(), body, query });

  it('is replaced as a whole, beside a budget that stays', async () => {
    const { body } = await replace({
      default_model: 'fast',
      model_aliases: { fast: 'gpt-4o-mini' },
      fallback_model: 'none',
    });
    expect(body).toMatchObject({
      dry_run: false,
      policy: { default_model: 'fast', requests_per_minute: null },
      warnings: [],
    });
    expect((await client.ask(read, { params })).body).toMatchObject({
      budget_usd: '7',
      default_model: 'fast',
    });
  });

  it('can be tried: the difference is shown and nothing is changed', async () => {
    const before = await client.ask(readPolicy, { params });
    const { body, etag: shown } = await replace(
      { default_model: 'gpt-4o', run_budget_usd: '1' },
      { dry_run: 'true' },
    );
    expect(body).toMatchObject({
      dry_run: true,
      changes: [
        { setting: 'default_model', before: 'fast', after: 'gpt-4o' },
        { setting: 'fallback_model', before: 'none', after: null },
        { setting: 'model_aliases', before: { fast: 'gpt-4o-mini' }, after: null },
        { setting: 'run_budget_usd', before: null, after: '1' },
        { setting: 'run_budget_nano_usd', before: null, after: 1_000_000_000 },
      ],
    });
    const after = await client.ask(readPolicy, { params });
    expect([after.text, after.etag, shown]).toEqual([before.text, before.etag, before.etag]);
    expect(
      await client.refusal(replacePolicy, { params, ifMatch: '"1"', body: {}, query: { dry_run: 'true' } }),
    ).toEqual([412, 'precondition_failed']);
    expect(
      await client.refusal(replacePolicy, {
        params,
        ifMatch: after.etag,
        body: {},
        query: { dry_run: 'yes' },
      }),
    ).toEqual([400, 'invalid_request']);
  });

  it.each([
    ['models that there are not', { default_model: 'gpt-4o', allowed_models: ['no-such-*'] }],
    [
      'models that the process does not let through',
      { default_model: 'gpt-4o', allowed_models: ['gpt-4.1'] },
    ],
    ['expensive models alone, which it may not use', { default_model: 'o1', allowed_models: ['o1'] }],
  ])('that lets the tenant use no model at all is refused: %s', async (_, body) => {
    const ifMatch = await etag();
    for (const operation of [replacePolicy, patch])
      expect(await client.refusal(operation, { params, ifMatch, body })).toEqual([422, 'policy_locks_out']);
    expect(await client.refusal(create, { body: { id: 'locked', ...body } })).toEqual([
      422,
      'policy_locks_out',
    ]);
    expect(await etag()).toBe(ifMatch);
  });

  it('is stored with warnings of what no call can use', async () => {
    const { body } = await replace({
      default_model: 'o1',
      fallback_model: 'gpt-4.1',
      allowed_models: ['gpt-4o*', 'o1'],
      model_aliases: { loop: 'loop' },
    });
    expect(body.warnings).toEqual([
      { setting: 'model_aliases', problem: 'entry 1 leads to no model that can be called here' },
      { setting: 'default_model', problem: 'leads to no model that the tenant can call' },
      { setting: 'fallback_model', problem: 'leads to no model that the tenant can call' },
    ]);
  });

  it('is not replaced by something that is no policy', async () => {
    const ifMatch = await etag();
    for (const body of [
      { budget_usd: '1' },
      { allowed_models: [] },
      { model_aliases: { 'a b': 'gpt-4o' } },
      { model_aliases: { fast: 'gpt-4o\r\nx: y' } },
      { requests_per_minute: -1 },
      { requests_per_minute: '5' },
      { max_cost_per_request_usd: '1', max_cost_per_request_nano_usd: 1 },
    ])
      expect(await client.refusal(replacePolicy, { params, ifMatch, body })).toEqual([
        400,
        'invalid_request',
      ]);
  });
});
