import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@tollgate/database/testing';
import { findFreePort } from '@tollgate/dev-services';
import { systemClock, type Clock } from '@tollgate/domain';
import pg from 'pg';
import type { Finding } from '../finding.js';
import { findingsOf } from '../testing/findings-of.js';
import { PostgresCheck, type PostgresCheckOptions } from './postgres-check.js';

const HOUR_MS = 3_600_000;

describe('PostgresCheck', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  let version: string;
  const role = `doctor_${randomUUID().slice(0, 8)}`;

  const look = (more: Partial<PostgresCheckOptions> = {}): Promise<readonly Finding[]> => {
    const options = {
      url: database.gatewayUrl,
      migratesOnStart: false,
      holdsTenants: true,
      clock: systemClock,
    };
    return findingsOf(new PostgresCheck({ ...options, ...more }));
  };
  const asRole = (): string => {
    const url = new URL(database.url);
    url.username = role;
    return url.href;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`CREATE ROLE ${role} LOGIN`);
    const { rows } = await admin.query<{ version: string }>(
      "SELECT split_part(current_setting('server_version'), ' ', 1) AS version",
    );
    version = rows[0]?.version ?? '';
  });

  afterAll(async () => {
    await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await admin.end();
    await database.drop();
  });

  it('finds a migrated database in order', async () => {
    expect(await look()).toEqual([
      { level: 'ok', what: `Postgres ${version} is reachable.` },
      { level: 'ok', what: "The clock of Postgres agrees with this machine's." },
      { level: 'ok', what: 'The schema is up to date.' },
      { level: 'ok', what: 'The user has the rights that a gateway needs.' },
    ]);
  });

  it('sees how far its clock is off', async () => {
    const hourEarlier: Clock = { now: () => Date.now() - HOUR_MS };
    const [, clock] = await look({ clock: hourEarlier });
    expect(clock).toMatchObject({
      level: 'error',
      what: expect.stringMatching(/^The clock of Postgres is (3599\.\d|3600\.\d) s or more ahead of /),
    });
  });

  it('names the rights that its user lacks', async () => {
    await admin.query(
      `GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO ${role}; REVOKE SELECT ON api_keys FROM ${role}`,
    );
    const findings = await look({ url: asRole() });
    const remedy = 'As the owner of the database, run GRANT tollgate_gateway TO <user>.';
    expect(findings.slice(3)).toEqual([
      {
        level: 'error',
        what: 'The user lacks rights: usage_events (UPDATE), budget_totals (UPDATE), api_keys (SELECT).',
        why: 'Usage events cannot be written, or tenants not be read.',
        remedy,
      },
      {
        level: 'warning',
        what: 'The user may not make the tables of coming months.',
        why: 'Events of months without a table land in usage_events_other, which grows without end.',
        remedy,
      },
      {
        level: 'error',
        what: 'The user is not a member of tollgate_gateway.',
        why: 'No gateway starts with it.',
        remedy,
      },
    ]);
    const [rights] = (await look({ url: asRole(), holdsTenants: false })).slice(3);
    expect(rights?.what).toBe('The user lacks rights: usage_events (UPDATE), budget_totals (UPDATE).');
  });

  it('warns of a user whom row-level security does not bind', async () => {
    expect((await look({ url: database.url })).slice(3)).toEqual([
      {
        level: 'warning',
        what: 'Row-level security does not bind the user (superuser, BYPASSRLS, owner of the tables).',
        why: 'A defect could show a tenant the checkpoints of another; strict mode refuses the user.',
        remedy:
          'Make one with CREATE ROLE <user> LOGIN PASSWORD <password> IN ROLE tollgate_gateway, and connect as it.',
      },
    ]);
  });

  it('sees transactions that are read-only', async () => {
    await admin.query(`ALTER ROLE ${role} SET default_transaction_read_only = on`);
    expect((await look({ url: asRole() }))[1]).toEqual({
      level: 'error',
      what: 'Transactions are read-only here.',
      why: 'No usage event could be written, so calls are refused once the buffer is full.',
      remedy: 'Point DATABASE_URL at the primary, with a user who may write.',
    });
  });

  it('names pending and unknown migrations', async () => {
    await admin.query(
      "UPDATE tollgate_migrations SET name = 'Newer1' WHERE name = 'ModelPolicy1763942400000'",
    );
    expect((await look()).slice(2)).toEqual([
      {
        level: 'warning',
        what: 'The schema has 1 migration(s) that this version does not know.',
        why: 'A newer version was here; this one was not tested with its schema.',
        remedy: 'Finish the upgrade, or go back to the newer version.',
      },
      {
        level: 'error',
        what: 'The schema lacks 1 migration(s): ModelPolicy1763942400000.',
        why: 'No gateway starts before they have run.',
        remedy: 'Run npm run tollgate -- migrate.',
      },
    ]);
    expect((await look({ migratesOnStart: true })).at(-1)).toMatchObject({
      level: 'warning',
      why: 'The first gateway that starts makes the change (MIGRATE_ON_START).',
    });
  });

  it('names the code when it cannot be reached, and what to do', async () => {
    const nobody = new URL(database.url);
    nobody.port = String(await findFreePort());
    const noDatabase = new URL(database.url);
    noDatabase.pathname = '/s3cret-name';
    const found = await Promise.all([look({ url: nobody.href }), look({ url: noDatabase.href })]);
    const why = 'No gateway starts without its ledger.';
    expect(found).toEqual([
      [
        {
          level: 'error',
          what: 'Postgres cannot be used (ECONNREFUSED).',
          why,
          remedy: 'Start it, or correct host and port: DATABASE_URL.',
        },
      ],
      [
        {
          level: 'error',
          what: 'Postgres cannot be used (3D000).',
          why,
          remedy: 'Create the database, or correct its name: DATABASE_URL.',
        },
      ],
    ]);
  });
});
