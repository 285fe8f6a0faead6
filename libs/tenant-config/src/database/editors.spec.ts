import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NO_LIMITS, systemClock } from '@tollgate/domain';
import { openTenantDatabase, type TenantDatabase } from '../testing/tenant-database.js';
import { TenantDirectory } from '../tenant-directory.js';
import { TEST_DEFAULTS } from '../tenant-source.conformance.js';
import { AgentEditor } from './agent-editor.js';
import { DatabaseTenantSource } from './database-tenant-source.js';
import { KeyEditor } from './key-editor.js';
import { TenantEditor } from './tenant-editor.js';

const DAY_MS = 86_400_000;

describe('changes of tenants in editions', () => {
  let database: TenantDatabase;
  let tenants: TenantEditor;

  beforeAll(async () => {
    database = await openTenantDatabase();
    tenants = new TenantEditor(database.pool);
    for (const id of ['acme', 'globex', 'acme-eu']) await tenants.create({ id });
  });
  afterAll(() => database.close());

  it('leave what they do not name, and unset what they name null', async () => {
    const { version } = await tenants.create({
      id: 'partly',
      defaultModel: 'gpt-4o',
      taskModels: { a: 'b' },
    });
    const { before, after } = await tenants.update('partly', version, {
      defaultModel: null,
      modelAliases: { fast: 'gpt-4o-mini' },
      limits: { budgetNanoUsd: 0 },
    });
    expect(before).toMatchObject({ defaultModel: 'gpt-4o', limits: NO_LIMITS });
    expect(after).toMatchObject({
      defaultModel: undefined,
      modelAliases: new Map([['fast', 'gpt-4o-mini']]),
      taskModels: new Map([['a', 'b']]),
      limits: { ...NO_LIMITS, budgetNanoUsd: 0 },
    });
    expect(after.version).toBeGreaterThan(before.version);
    await expect(tenants.update('partly', version, {})).rejects.toMatchObject({
      currentVersion: after.version,
    });
  });

  it('keep the time at which a tenant was suspended', async () => {
    const { version } = await tenants.get('globex');
    const first = await tenants.setSuspended('globex', version, true);
    const again = await tenants.setSuspended('globex', first.after.version, true);
    expect(again.after.suspendedAtMs).toBe(first.after.suspendedAtMs);
    const resumed = await tenants.setSuspended('globex', again.after.version, false);
    expect(resumed.after.suspendedAtMs).toBeUndefined();
  });

  it('find tenants by a part of their id, whatever stands in it', async () => {
    const find = async (search: string): Promise<string[]> =>
      (await tenants.list({ limit: 10, search })).map(({ id }) => id);
    expect(await find('acme')).toEqual(['acme', 'acme-eu']);
    expect(await find('%')).toEqual([]);
    expect(await find("' OR 'a' = 'a")).toEqual([]);
  });

  it('let the old key work beside the new one until the overlap ends, and never longer than it would have', async () => {
    const keys = new KeyEditor(database.pool, 'acme');
    const long = await keys.create({ name: 'ci', limits: { budgetNanoUsd: 5 } });
    const { version } = await keys.get(long.key.id);
    const { after, issued } = await keys.rotate(long.key.id, version, 3600);
    expect(Math.abs((after.expiresAtMs ?? 0) - Date.now() - 3_600_000)).toBeLessThan(60_000);
    expect(issued.key).toMatchObject({ name: 'ci', limits: { budgetNanoUsd: 5 }, expiresAtMs: undefined });
    expect(issued.key.id).not.toBe(long.key.id);

    const expiresAtMs = Date.now() + DAY_MS;
    const short = await keys.create({ expiresAtMs });
    const rotated = await keys.rotate(short.key.id, (await keys.get(short.key.id)).version, 7 * 86_400);
    expect([rotated.after.expiresAtMs, rotated.issued.key.expiresAtMs]).toEqual([expiresAtMs, expiresAtMs]);

    const source = new DatabaseTenantSource(database.pool, TEST_DEFAULTS);
    const directory = new TenantDirectory({
      source,
      clock: systemClock,
      onError: (error) => expect(error).toBe(null),
    });
    await directory.refresh();
    for (const { secret } of [long, issued, short])
      expect(directory.findPrincipal(secret)?.tenant.id).toBe('acme');
    const now = await keys.rotate(long.key.id, (await keys.get(long.key.id)).version, 0);
    expect(now.after.revokedAtMs).toBeDefined();
    await directory.refresh();
    expect(directory.findPrincipal(long.secret)).toBeUndefined();
  });

  it('refuse a key that has ended, and one of another tenant', async () => {
    const keys = new KeyEditor(database.pool, 'acme');
    const others = new KeyEditor(database.pool, 'globex');
    const { id } = (await keys.create({})).key;
    const { version } = await keys.get(id);
    for (const refused of [others.get(id), others.revoke(id, version), others.rotate(id, version, 0)])
      await expect(refused).rejects.toMatchObject({ code: 'key_not_found' });
    expect(await others.list({ limit: 10 })).toEqual([]);
    const { after } = await keys.revoke(id, version);
    for (const refused of [keys.update(id, after.version, {}), keys.rotate(id, after.version, 60)])
      await expect(refused).rejects.toMatchObject({ code: 'key_not_active' });
    expect((await keys.revoke(id, after.version)).after.revokedAtMs).toBe(after.revokedAtMs);
  });

  it('bind a key to an agent that there is, and change agents', async () => {
    const agents = new AgentEditor(database.pool, 'acme');
    const keys = new KeyEditor(database.pool, 'acme');
    const { id } = (await keys.create({})).key;
    const bind = async (agentId: string | null) => keys.update(id, (await keys.get(id)).version, { agentId });
    await expect(bind('planner')).rejects.toMatchObject({ code: 'agent_not_found' });
    const agent = await agents.create({ id: 'planner' });
    expect((await bind('planner')).after.agentId).toBe('planner');
    expect((await bind(null)).after.agentId).toBeUndefined();
    const { after } = await agents.update('planner', agent.version, {
      budgetNanoUsd: 7,
      maxConcurrency: null,
    });
    expect(after.limits).toEqual({ ...NO_LIMITS, budgetNanoUsd: 7 });
    await expect(agents.remove('planner', agent.version)).rejects.toMatchObject({ name: 'StaleRowError' });
    await agents.remove('planner', after.version);
    expect(await agents.list({ limit: 10 })).toEqual([]);
    await expect(agents.remove('planner', after.version)).rejects.toMatchObject({ code: 'agent_not_found' });
  });

  it('delete a tenant with its agents and keys, and leave no edition behind for its successor', async () => {
    const { version } = await tenants.create({ id: 'gone' });
    const keys = new KeyEditor(database.pool, 'gone');
    await keys.create({});
    await tenants.remove('gone', version);
    expect(await keys.list({ limit: 10 })).toEqual([]);
    await tenants.create({ id: 'gone' });
    await expect(tenants.remove('gone', version)).rejects.toMatchObject({ name: 'StaleRowError' });
  });
});
