import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tenantOperations } from '@tollgate/admin-contract';
import { AdminWorld } from '../testing/admin-world.js';
import type { AdminClient, Told } from '../testing/admin-client.js';

const operations = tenantOperations;

describe('tenants', () => {
  let world: AdminWorld;
  let client: AdminClient;

  beforeAll(async () => {
    world = await AdminWorld.create();
    client = world.client;
  });
  afterAll(() => world.close());

  const create = (id: string, settings: object = {}): Promise<Told<unknown>> =>
    client.ask(operations.create, { body: { id, ...settings } });
  const at = (id: string, etag?: string): { params: { tenant_id: string }; ifMatch: string | undefined } => ({
    params: { tenant_id: id },
    ifMatch: etag,
  });

  it('are created, and read as they were created', async () => {
    const { body, etag, headers } = await create('acme', {
      default_model: 'fast',
      fallback_model: 'none',
      allowed_models: ['gpt-4o*'],
      allow_expensive: false,
      model_aliases: { fast: 'gpt-4o-mini' },
      task_models: { planning: 'fast' },
      requests_per_minute: 0,
      budget_usd: '12.5',
      run_budget_nano_usd: 1,
    });
    expect(body).toEqual({
      id: 'acme',
      status: 'active',
      default_model: 'fast',
      fallback_model: 'none',
      allowed_models: ['gpt-4o*'],
      allow_expensive: false,
      model_aliases: { fast: 'gpt-4o-mini' },
      task_models: { planning: 'fast' },
      requests_per_minute: 0,
      tokens_per_minute: null,
      max_concurrency: null,
      max_cost_per_request_usd: null,
      max_cost_per_request_nano_usd: null,
      run_budget_usd: '0.000000001',
      run_budget_nano_usd: 1,
      budget_usd: '12.5',
      budget_nano_usd: 12_500_000_000,
      suspended_at: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
    expect(etag).toMatch(/^"\d+"$/);
    expect(headers.get('cache-control')).toBe('no-store');
    const read = await client.ask(operations.read, at('acme'));
    expect([read.body, read.etag]).toEqual([body, etag]);
    expect(await client.refusal(operations.create, { body: { id: 'acme' } })).toEqual([
      409,
      'already_exists',
    ]);
  });

  it('lose with PUT what it does not name, and keep it with PATCH', async () => {
    const { etag } = await create('changing', { default_model: 'gpt-4o', budget_usd: '1' });
    const patched = await client.ask(operations.patch, {
      ...at('changing', etag),
      body: { max_concurrency: 3 },
    });
    expect(patched.body).toMatchObject({ default_model: 'gpt-4o', budget_usd: '1', max_concurrency: 3 });
    const unset = await client.ask(operations.patch, {
      ...at('changing', patched.etag),
      body: { budget_usd: null },
    });
    expect(unset.body).toMatchObject({ default_model: 'gpt-4o', budget_usd: null });
    const put = await client.ask(operations.replace, {
      ...at('changing', unset.etag),
      body: { tokens_per_minute: 9 },
    });
    expect(put.body).toMatchObject({ default_model: null, max_concurrency: null, tokens_per_minute: 9 });
  });

  it('are changed by exactly one of two operators who have read the same', async () => {
    const { etag } = await create('raced');
    const races = await Promise.all(
      ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'o1'].map((model) =>
        client.send(operations.patch, {
          ...at('raced', etag),
          body: { default_model: model, allow_expensive: true },
        }),
      ),
    );
    expect(races.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    const { body, etag: latest } = await client.ask(operations.read, at('raced'));
    const won = races.find(({ status }) => status === 200);
    expect([won?.body, won?.etag]).toEqual([body, latest]);
    for (const lost of races.filter(({ status }) => status === 412)) {
      expect(lost.body).toMatchObject({ code: 'precondition_failed', current_etag: latest });
      expect(lost.etag).toBe(latest);
    }
  });

  it.each<[string | undefined, number, string]>([
    [undefined, 428, 'precondition_required'],
    ['*', 400, 'invalid_header'],
    ['W/"1"', 400, 'invalid_header'],
    ['"1", "2"', 400, 'invalid_header'],
    ['1', 400, 'invalid_header'],
    ['"9007199254740993"', 412, 'precondition_failed'],
  ])('are not changed with If-Match: %s', async (ifMatch, status, code) => {
    for (const [operation, body] of [
      [operations.patch, {}],
      [operations.replace, {}],
      [operations.suspend, undefined],
      [operations.remove, undefined],
      [operations.replacePolicy, {}],
    ] as const)
      expect(await client.refusal(operation, { params: { tenant_id: 'acme' }, ifMatch, body })).toEqual([
        status,
        code,
      ]);
  });

  it('are suspended and resumed', async () => {
    const { etag } = await create('pausing');
    const suspended = await client.ask(operations.suspend, at('pausing', etag));
    expect(suspended.body).toMatchObject({ status: 'suspended', suspended_at: expect.stringMatching(/Z$/) });
    const resumed = await client.ask(operations.resume, at('pausing', suspended.etag));
    expect(resumed.body).toMatchObject({ status: 'active', suspended_at: null });
  });

  it('are deleted, and leave their usage in the ledger', async () => {
    const { etag } = await create('leaving');
    await world.pool.query(
      `INSERT INTO budget_totals (tenant_id, scope, "window", total_nano_usd, version) VALUES ('leaving', 't', '2026-01', 5, 1)`,
    );
    expect((await client.ask(operations.remove, at('leaving', etag))).text).toBe('');
    expect(await client.refusal(operations.read, at('leaving'))).toEqual([404, 'tenant_not_found']);
    const { rows } = await world.pool.query(
      "SELECT total_nano_usd FROM budget_totals WHERE tenant_id = 'leaving'",
    );
    expect(rows).toEqual([{ total_nano_usd: '5' }]);
  });

  it('are listed page by page, and found by a part of their id', async () => {
    for (const id of ['zz-1', 'zz-2', 'zz-3']) await create(id);
    const page = async (query: Record<string, string>): Promise<[ids: string[], next: string | null]> => {
      const { body } = await client.ask(operations.list, { query: { search: 'zz-', limit: '2', ...query } });
      return [body.data.map(({ id }) => id), body.next_cursor];
    };
    const [first, cursor] = await page({});
    const [second, end] = await page({ cursor: cursor ?? '' });
    expect([first, second, end]).toEqual([['zz-1', 'zz-2'], ['zz-3'], null]);
  });

  it.each([
    { cursor: 'nonsense' },
    { cursor: Buffer.from('[1]').toString('base64url') },
    { cursor: Buffer.from('{"a":').toString('base64url') },
    { cursor: 'x'.repeat(2000) },
    { cursor: Buffer.from('["\\u0000"]').toString('base64url') },
    { search: '\u0000' },
    { limit: '0' },
    { limit: '1001' },
    { limit: '-1' },
    { limit: '1e2' },
    { colour: 'red' },
  ])('are not listed with the query %j', async (query) => {
    const { status, body } = await client.problem(operations.list, { query });
    expect([status, body.code, body.errors?.map(({ path }) => path)]).toEqual([
      400,
      'invalid_request',
      Object.keys(query),
    ]);
  });

  it.each(["' OR '1'='1", '%', '_', '\\', "'; DROP TABLE tenants; --"])(
    'take the search %j for nothing but text',
    async (search) => {
      const { body } = await client.ask(operations.list, { query: { search, limit: '1000' } });
      expect(body.data).toEqual([]);
    },
  );

  it('are refused with every member at fault, and no value of any', async () => {
    const secret = 'never-say-this';
    const { status, body, text } = await client.problem(operations.create, {
      body: {
        id: `${secret}\r\nx: y`,
        budget_usd: secret,
        budget_nano_usd: 2 ** 63,
        default_model: `a,${secret}`,
        model_aliases: { auto: 'gpt-4o' },
        'colour\r\n': secret,
      },
    });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(new Set(body.errors?.map(({ path }) => path))).toEqual(
      new Set(['budget_nano_usd', 'budget_usd', 'colour??', 'default_model', 'id', 'model_aliases']),
    );
    expect(text).not.toContain(secret);
    expect(world.log.join('')).not.toContain(secret);
  });

  it.each<[string, unknown, number, string]>([
    ['no JSON', '{', 400, 'invalid_json'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]).toString('latin1'), 400, 'invalid_request'],
    ['an array', [], 400, 'invalid_request'],
    ['null', 'null', 400, 'invalid_request'],
    ['nothing', '', 400, 'invalid_json'],
    ['a prototype', '{"id":"proto","__proto__":{"x":1}}', 400, 'invalid_request'],
    ['too much', { id: 'big', default_model: 'x'.repeat(2 * 1024 * 1024) }, 413, 'body_too_large'],
  ])('are not created from %s', async (_, body, status, code) => {
    expect(await client.refusal(operations.create, { body })).toEqual([status, code]);
  });

  it('may have a budget of nothing and of the most that can be kept, and not of more', async () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect((await create('poor', { budget_nano_usd: 0 })).body).toMatchObject({ budget_usd: '0' });
    expect((await create('rich', { budget_nano_usd: most })).body).toMatchObject({ budget_nano_usd: most });
    for (const budget of ['9223372036854775808', '9007199254740992', '-1', '0.5'])
      expect(
        await client.refusal(operations.create, { body: `{"id":"odd","budget_nano_usd":${budget}}` }),
      ).toEqual([400, 'invalid_request']);
  });
});
