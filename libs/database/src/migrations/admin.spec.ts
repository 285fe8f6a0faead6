import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { createTestDatabase, createTestPool, type TestDatabase } from '../testing/test-database.js';

const ENTRY = `INSERT INTO audit_log (actor, action, target_type, target_id, request_id)
  VALUES ('a', 'b', 'c', 'd', gen_random_uuid())`;

describe('the migration of the admin API', () => {
  let database: TestDatabase;
  let owner: Pool;
  let admin: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = createTestPool(database);
    admin = createTestPool({ url: database.adminUrl });
  });
  afterAll(async () => {
    await owner.end();
    await admin.end();
    await database.drop();
  });

  const versionOf = async (id: string): Promise<number> => {
    const { rows } = await owner.query<{ version: string }>('SELECT version FROM tenants WHERE id = $1', [
      id,
    ]);
    return Number(rows[0]?.version);
  };

  it('grants the admin API what it does and nothing more', async () => {
    const { rows } = await owner.query<{ grants: string }>(
      `SELECT table_name || ' ' || string_agg(privilege_type, ',' ORDER BY privilege_type) AS grants
       FROM information_schema.role_table_grants WHERE grantee = 'tollgate_admin' GROUP BY table_name ORDER BY 1`,
    );
    expect(rows.map(({ grants }) => grants)).toEqual([
      'agents DELETE,INSERT,SELECT,UPDATE',
      'api_keys DELETE,INSERT,SELECT,UPDATE',
      'audit_head SELECT',
      'audit_log INSERT,SELECT',
      'budget_alerts SELECT',
      'budget_increases INSERT,SELECT',
      'budget_totals INSERT,SELECT,UPDATE',
      'idempotency_records DELETE,INSERT,SELECT',
      'invoices INSERT,SELECT',
      'operator_sessions DELETE,INSERT,SELECT',
      'operator_tokens INSERT,SELECT,UPDATE',
      'settings_version SELECT,UPDATE',
      'tenants DELETE,INSERT,SELECT,UPDATE',
      'tollgate_migrations SELECT',
      'usage_corrections INSERT,SELECT',
      'usage_daily DELETE,INSERT,SELECT',
      'usage_dirty_hours DELETE,INSERT,SELECT',
      'usage_events SELECT',
      'usage_hourly DELETE,INSERT,SELECT',
      'usage_rollup_state SELECT,UPDATE',
      'webhook_attempts INSERT,SELECT',
      'webhook_deliveries DELETE,INSERT,SELECT,UPDATE',
      'webhook_endpoints DELETE,INSERT,SELECT,UPDATE',
    ]);
  });

  it('gives a row an edition that no other row ever had, not even one of the same id', async () => {
    await admin.query("INSERT INTO tenants (id) VALUES ('acme')");
    const first = await versionOf('acme');
    await admin.query("UPDATE tenants SET default_model = 'gpt-4o' WHERE id = 'acme'");
    const second = await versionOf('acme');
    await admin.query("DELETE FROM tenants WHERE id = 'acme'");
    await admin.query("INSERT INTO tenants (id) VALUES ('acme')");
    const third = await versionOf('acme');
    expect([second > first, third > second]).toEqual([true, true]);
  });

  it.each([
    ['UPDATE audit_log SET actor = $$x$$'],
    ['DELETE FROM audit_log'],
    ['TRUNCATE audit_log'],
    ['UPDATE audit_head SET seq = 0'],
    ['ALTER TABLE audit_log DISABLE TRIGGER ALL'],
    ['SELECT * FROM checkpoints'],
  ])('refuses the admin API: %s', async (sql) => {
    await admin.query(ENTRY);
    await expect(admin.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it.each([['UPDATE audit_log SET actor = $$x$$'], ['DELETE FROM audit_log'], ['TRUNCATE audit_log']])(
    'refuses even the owner: %s',
    async (sql) => {
      await expect(owner.query(sql)).rejects.toMatchObject({ code: '42501' });
    },
  );

  it('links entries without a gap, however many are written at once, and gives no number to one that is taken back', async () => {
    const before = await owner.query<{ seq: string }>('SELECT seq FROM audit_head');
    await Promise.all(Array.from({ length: 8 }, () => admin.query(ENTRY)));
    await expect(admin.query(`${ENTRY}; SELECT 1/0`)).rejects.toMatchObject({ code: '22012' });
    await admin.query(ENTRY);
    const { rows } = await owner.query<{ seq: string; linked: boolean }>(
      `SELECT seq, previous_hash = lag(hash, 1, '') OVER (ORDER BY seq) AS linked FROM audit_log ORDER BY seq`,
    );
    expect(rows.map(({ seq }) => Number(seq))).toEqual(
      Array.from({ length: Number(before.rows[0]?.seq) + 9 }, (_, i) => i + 1),
    );
    expect(rows.every(({ linked }) => linked)).toBe(true);
  });
});
