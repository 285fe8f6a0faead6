import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { createTestDatabase, createTestPool, type TestDatabase } from '../testing/test-database.js';

const OWN = [
  'budget_increases',
  'invoices',
  'usage_corrections',
  'usage_daily',
  'usage_dirty_hours',
  'usage_hourly',
  'usage_rollup_state',
  'webhook_attempts',
  'webhook_deliveries',
  'webhook_endpoints',
];

describe('the migration of billing', () => {
  let database: TestDatabase;
  let owner: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = createTestPool(database);
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  it('grants the admin group what billing does on its tables, and the gateways next to nothing', async () => {
    const { rows } = await owner.query<{ grants: string }>(
      `SELECT grantee || ' ' || table_name || ' ' || string_agg(privilege_type, ',' ORDER BY privilege_type) AS grants
       FROM information_schema.role_table_grants WHERE grantee LIKE 'tollgate\\_%' AND table_name = ANY ($1)
       GROUP BY grantee, table_name ORDER BY 1`,
      [OWN],
    );
    expect(rows.map(({ grants }) => grants)).toEqual([
      'tollgate_admin budget_increases INSERT,SELECT',
      'tollgate_admin invoices INSERT,SELECT',
      'tollgate_admin usage_corrections INSERT,SELECT',
      'tollgate_admin usage_daily DELETE,INSERT,SELECT',
      'tollgate_admin usage_dirty_hours DELETE,INSERT,SELECT',
      'tollgate_admin usage_hourly DELETE,INSERT,SELECT',
      'tollgate_admin usage_rollup_state SELECT,UPDATE',
      'tollgate_admin webhook_attempts INSERT,SELECT',
      'tollgate_admin webhook_deliveries DELETE,INSERT,SELECT,UPDATE',
      'tollgate_admin webhook_endpoints DELETE,INSERT,SELECT,UPDATE',
      'tollgate_gateway budget_increases SELECT',
    ]);
  });

  it('lets the admin group change of an event what a correction changes, and of an increase that it is taken back', async () => {
    const { rows } = await owner.query<{ columns: string }>(
      `SELECT table_name || ': ' || string_agg(column_name, ' ' ORDER BY column_name) AS columns
       FROM information_schema.role_column_grants
       WHERE grantee = 'tollgate_admin' AND privilege_type = 'UPDATE' AND table_name IN ('usage_events', 'budget_increases', 'invoices')
       GROUP BY table_name ORDER BY 1`,
    );
    expect(rows.map(({ columns }) => columns)).toEqual([
      'budget_increases: cancelled_at',
      'usage_events: cache_write_tokens cached_input_tokens change_xid cost_nano_usd input_audio_tokens input_tokens output_audio_tokens output_tokens status usage_source',
    ]);
  });

  it('says of each hour of an id which one it is', async () => {
    const { rows } = await owner.query<{ hour: Date }>(
      'SELECT tollgate_hour_of(id) AS hour FROM unnest($1::uuid[]) WITH ORDINALITY AS i (id, n) ORDER BY n',
      [
        [
          '01a19467-e800-7000-8000-000000000000',
          '01a19467-e7ff-7fff-bfff-ffffffffffff',
          '00000000-0000-7000-8000-000000000000',
        ],
      ],
    );
    expect(rows.map(({ hour }) => hour.toISOString())).toEqual([
      '2026-11-01T00:00:00.000Z',
      '2026-10-31T23:00:00.000Z',
      '1970-01-01T00:00:00.000Z',
    ]);
  });
});
