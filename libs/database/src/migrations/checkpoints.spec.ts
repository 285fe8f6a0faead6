import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrate } from '../migrate.js';
import { Checkpoints1764115200000 } from './1764115200000-checkpoints.js';
import { MIGRATIONS, MIGRATIONS_TABLE } from './index.js';

const name = `plain_${randomUUID().replaceAll('-', '')}`;

describe('the migration of checkpoints', () => {
  let admin: pg.Client;
  let ownerUrl: string;
  let owner: pg.Client;

  const tables = async (): Promise<unknown[]> => {
    const { rows } = await owner.query<{ table: string }>(
      `SELECT relname || CASE WHEN relrowsecurity AND relforcerowsecurity THEN ' (rls)' ELSE '' END AS table FROM pg_class
       WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname ~ '^(checkpoint|archive)' ORDER BY 1`,
    );
    return rows.map(({ table }) => table);
  };
  const rights = async (): Promise<unknown[]> => {
    const { rows } = await owner.query<{ grants: string }>(
      `SELECT grantee || ' ' || table_name || ' ' || string_agg(privilege_type, ',' ORDER BY privilege_type) AS grants
       FROM information_schema.role_table_grants WHERE grantee IN ('tollgate_gateway', 'tollgate_offloader') GROUP BY grantee, table_name ORDER BY 1`,
    );
    return rows.map(({ grants }) => grants);
  };

  // An owner as clouds give it: no superuser, but one that may make roles.
  beforeAll(async () => {
    admin = new pg.Client({ connectionString: process.env['TEST_DATABASE_URL'] });
    await admin.connect();
    const password = randomUUID();
    await admin.query(`CREATE ROLE ${name} LOGIN CREATEROLE PASSWORD '${password}'`);
    for (const group of ['tollgate_gateway', 'tollgate_offloader', 'tollgate_admin']) {
      const { rowCount } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [group]);
      if (rowCount) await admin.query(`GRANT ${group} TO ${name} WITH ADMIN OPTION`);
    }
    await admin.query(`CREATE DATABASE ${name} OWNER ${name}`);
    const url = new URL(process.env['TEST_DATABASE_URL'] ?? '');
    Object.assign(url, { username: name, password, pathname: `/${name}` });
    ownerUrl = url.href;
    await migrate(ownerUrl);
    owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
  });

  afterAll(async () => {
    await owner.end();
    await admin.query(`DROP DATABASE ${name}`);
    await admin.query(`DROP ROLE ${name}`);
    await admin.end();
  });

  it('forces row-level security on every table that names a tenant', async () => {
    expect(await tables()).toEqual([
      'archive_alarms',
      'archive_entries (rls)',
      'archive_identity',
      'archive_packs (rls)',
      'checkpoint_history (rls)',
      'checkpoint_offloads (rls)',
      'checkpoint_tombstones (rls)',
      'checkpoint_usage (rls)',
      'checkpoints (rls)',
    ]);
  });

  it('grants the services what they do and nothing more', async () => {
    expect(await rights()).toEqual([
      'tollgate_gateway agents SELECT',
      'tollgate_gateway api_keys SELECT',
      'tollgate_gateway archive_entries DELETE,SELECT',
      'tollgate_gateway archive_packs SELECT',
      'tollgate_gateway budget_alerts INSERT,SELECT',
      'tollgate_gateway budget_increases SELECT',
      'tollgate_gateway budget_totals INSERT,SELECT,UPDATE',
      'tollgate_gateway checkpoint_history DELETE,INSERT,SELECT',
      'tollgate_gateway checkpoint_offloads DELETE,INSERT,SELECT,UPDATE',
      'tollgate_gateway checkpoint_tombstones DELETE,INSERT,SELECT,UPDATE',
      'tollgate_gateway checkpoint_usage INSERT,SELECT,UPDATE',
      'tollgate_gateway checkpoints DELETE,INSERT,SELECT,UPDATE',
      'tollgate_gateway settings_version SELECT',
      'tollgate_gateway tenants SELECT',
      'tollgate_gateway tollgate_migrations SELECT',
      'tollgate_gateway usage_events INSERT,SELECT,UPDATE',
      'tollgate_offloader archive_alarms INSERT,SELECT,UPDATE',
      'tollgate_offloader archive_entries DELETE,INSERT,SELECT,UPDATE',
      'tollgate_offloader archive_identity SELECT,UPDATE',
      'tollgate_offloader archive_packs DELETE,INSERT,SELECT,UPDATE',
      'tollgate_offloader checkpoint_history DELETE,INSERT,SELECT,UPDATE',
      'tollgate_offloader checkpoint_offloads DELETE,INSERT,SELECT,UPDATE',
      'tollgate_offloader checkpoint_tombstones DELETE,INSERT,SELECT,UPDATE',
      'tollgate_offloader checkpoint_usage DELETE,INSERT,SELECT,UPDATE',
      'tollgate_offloader checkpoints DELETE,INSERT,SELECT,UPDATE',
      'tollgate_offloader tollgate_migrations SELECT',
    ]);
  });

  it('can be taken back, rights included, and run again, with those that came after it', async () => {
    const undoing = MIGRATIONS.slice(MIGRATIONS.indexOf(Checkpoints1764115200000))
      .map(({ name: its }) => its)
      .toReversed();
    const dataSource = new DataSource({
      type: 'postgres',
      url: ownerUrl,
      migrations: MIGRATIONS,
      migrationsTableName: MIGRATIONS_TABLE,
    });
    await dataSource.initialize();
    for (const _ of undoing) await dataSource.undoLastMigration();
    await dataSource.destroy();
    expect([await tables(), await rights()]).toEqual([[], []]);
    const { rows } = await owner.query(
      `SELECT proname, prosecdef, proconfig FROM pg_proc WHERE proname LIKE 'tollgate\\_%' ORDER BY proname`,
    );
    expect(rows).toEqual([
      { proname: 'tollgate_first_uuid', prosecdef: false, proconfig: null },
      { proname: 'tollgate_prepare_usage_months', prosecdef: false, proconfig: null },
      { proname: 'tollgate_raise_settings_version', prosecdef: false, proconfig: null },
    ]);
    expect(await migrate(ownerUrl)).toEqual(undoing.toReversed());
    expect(await tables()).toHaveLength(9);
  });
});
