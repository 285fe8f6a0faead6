import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAX_NANO_USD, NO_LIMITS, systemClock } from '@tollgate/domain';
import { openTenantDatabase, type TenantDatabase } from '../testing/tenant-database.js';
import { TenantDirectory } from '../tenant-directory.js';
import { TEST_DEFAULTS } from '../tenant-source.conformance.js';
import { DatabaseTenantSource } from './database-tenant-source.js';
import { TenantAdmin } from './tenant-admin.js';
import type { TenantDraft } from './tenant-drafts.js';

describe('TenantAdmin', () => {
  let database: TenantDatabase;
  let admin: TenantAdmin;

  beforeAll(async () => {
    database = await openTenantDatabase();
    admin = new TenantAdmin(database.pool);
  });
  afterAll(() => database.close());

  it('stores a tenant as it was given', async () => {
    const draft = {
      id: 'full-1',
      defaultModel: 'gpt-4o',
      fallbackModel: 'gpt-4o-mini',
      allowedModels: ['gpt-4o', 'ft:gpt-4o:org::id'],
      allowExpensive: false,
      modelAliases: { fast: 'gpt-4o-mini', constructor: 'gpt-4o' },
      taskModels: { planning: 'fast' },
      maxCostPerRequestNanoUsd: 0,
      runBudgetNanoUsd: 5,
      limits: { budgetNanoUsd: MAX_NANO_USD, requestsPerMinute: 0, tokensPerMinute: 1, maxConcurrency: 2 },
    };
    const created = await admin.createTenant(draft);
    expect(created).toEqual({
      ...draft,
      modelAliases: new Map(Object.entries(draft.modelAliases)),
      taskModels: new Map([['planning', 'fast']]),
      suspendedAtMs: undefined,
      createdAtMs: expect.any(Number),
    });
    expect(Math.abs(created.createdAtMs - Date.now())).toBeLessThan(60_000);
    expect(await admin.getTenant('full-1')).toEqual(created);
  });

  it('leaves everything unset that a draft does not name', async () => {
    expect(await admin.createTenant({ id: 'bare' })).toEqual({
      id: 'bare',
      limits: NO_LIMITS,
      createdAtMs: expect.any(Number),
    });
  });

  it('refuses a second tenant or agent with the same id, and what belongs to no tenant', async () => {
    await admin.createTenant({ id: 'twice' });
    await admin.createAgent('twice', { id: 'a' });
    await expect(admin.createTenant({ id: 'twice' })).rejects.toMatchObject({ code: 'tenant_exists' });
    await expect(admin.createAgent('twice', { id: 'a' })).rejects.toMatchObject({ code: 'agent_exists' });
    for (const refused of [
      admin.getTenant('nobody'),
      admin.createAgent('nobody', { id: 'a' }),
      admin.listAgents('nobody'),
      admin.createKey('nobody'),
      admin.listKeys('nobody'),
    ])
      await expect(refused).rejects.toMatchObject({ name: 'TenantAdminError', code: 'tenant_not_found' });
    await expect(admin.createKey('twice', { agentId: 'b' })).rejects.toMatchObject({
      code: 'agent_not_found',
    });
    await expect(admin.revokeKey('nokey')).rejects.toMatchObject({ code: 'key_not_found' });
  });

  it.each<[string, object]>([
    ['id: Must be 1 to 63 of a-z, 0-9 and single -.', { id: 'Upper' }],
    ['id: Must be 1 to 63 of a-z, 0-9 and single -.', { id: 'a--b' }],
    ['id: Must be 1 to 63 of a-z, 0-9 and single -.', { id: 'a'.repeat(64) }],
    ['id: Invalid input: expected string, received undefined.', {}],
    ['color: Unrecognized key: "color".', { id: 'ok', color: 'red' }],
    [
      'limits.budgetNanoUsd: Too small: expected number to be >=0.',
      { id: 'ok', limits: { budgetNanoUsd: -77 } },
    ],
    [
      'limits.budgetNanoUsd: Invalid input: expected int, received number.',
      { id: 'ok', limits: { budgetNanoUsd: 0.5 } },
    ],
    [
      'limits.budgetNanoUsd: Invalid input: expected number, received string.',
      { id: 'ok', limits: { budgetNanoUsd: '5' } },
    ],
    ['limits.budgetCents: Unrecognized key: "budgetCents".', { id: 'ok', limits: { budgetCents: 1 } }],
    ['defaultModel: Must be 1 to 200 printable characters without comma.', { id: 'ok', defaultModel: 'a,b' }],
    ['modelAliases: May not name an alias auto or none.', { id: 'ok', modelAliases: { auto: 'gpt-4o' } }],
    [
      'taskModels.planning: Must be 1 to 200 printable characters without comma.',
      { id: 'ok', taskModels: { planning: 'gpt 4o' } },
    ],
    ['allowedModels: Too small: expected array to have >=1 items.', { id: 'ok', allowedModels: [] }],
  ])('says what is wrong and not the value: %s', async (message, draft) => {
    const param = message.slice(0, message.indexOf(':'));
    await expect(admin.createTenant(draft as TenantDraft)).rejects.toMatchObject({
      code: 'invalid_settings',
      param,
      message,
    });
  });

  it('refuses amounts that cannot be kept exactly', async () => {
    const refused = admin.createTenant({ id: 'ok', maxCostPerRequestNanoUsd: MAX_NANO_USD + 1 });
    await expect(refused).rejects.toMatchObject({ param: 'maxCostPerRequestNanoUsd' });
  });

  it('lists by id, page by page', async () => {
    const other = await openTenantDatabase();
    const paged = new TenantAdmin(other.pool);
    for (const id of ['c', 'a', 'e', 'b', 'd']) await paged.createTenant({ id });
    const pages: unknown[] = [];
    let after: string | undefined;
    do {
      const page = await paged.listTenants({ limit: 2, after });
      pages.push(page.items.map(({ id }) => id));
      after = page.nextAfter;
    } while (after !== undefined);
    expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    await expect(paged.listTenants({ limit: 0 })).rejects.toMatchObject({ code: 'invalid_settings' });
    await other.close();
  });

  it('issues keys that open the gate until they are revoked, and stores no secret', async () => {
    await admin.createTenant({ id: 'keys' });
    await admin.createAgent('keys', { id: 'team/planner@v1', limits: { budgetNanoUsd: 9 } });
    const expiresAtMs = Date.now() + 86_400_000;
    const draft = {
      agentId: 'team/planner@v1',
      name: 'CI – köln',
      expiresAtMs,
      limits: { budgetNanoUsd: 7 },
    };
    const { key, secret } = await admin.createKey('keys', draft);
    expect(key).toEqual({
      ...draft,
      id: secret.slice(3, 15),
      tenantId: 'keys',
      limits: { ...NO_LIMITS, budgetNanoUsd: 7 },
      revokedAtMs: undefined,
      createdAtMs: expect.any(Number),
    });
    const { rows } = await database.pool.query('SELECT * FROM api_keys');
    expect(JSON.stringify(rows)).not.toContain(secret.slice(-43));

    const source = new DatabaseTenantSource(database.pool, TEST_DEFAULTS);
    const directory = new TenantDirectory({
      source,
      clock: systemClock,
      onError: (error) => expect(error).toBe(null),
    });
    await directory.refresh();
    expect(directory.findPrincipal(secret)?.key).toMatchObject({ id: key.id, agentId: 'team/planner@v1' });
    const revoked = await admin.revokeKey(key.id);
    await directory.refresh();
    expect(directory.findPrincipal(secret)).toBeUndefined();
    expect(revoked.revokedAtMs).toBeDefined();
    expect(await admin.revokeKey(key.id)).toEqual(revoked);
    expect((await admin.listKeys('keys')).items).toEqual([revoked]);
    expect((await admin.listAgents('keys')).items).toMatchObject([
      { id: 'team/planner@v1', limits: { budgetNanoUsd: 9 } },
    ]);
  });
});
