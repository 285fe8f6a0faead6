import { createPostgresPool, findSchemaDifference } from '@tollgate/database';
import type { Clock } from '@tollgate/domain';
import type { Pool } from 'pg';
import type { Check } from '../check.js';
import { judgeClock, readClock } from '../clock-reading.js';
import { error, ok, warning, type Finding } from '../finding.js';
import { unreachable, type Target } from '../unreachable.js';
import { findRightsFindings } from './rights.js';

const OLDEST_MAJOR = 14;
const DOCUMENTED_MAJOR = 15;
const TARGET: Target = {
  name: 'Postgres',
  variable: 'DATABASE_URL',
  why: 'No gateway starts without its ledger.',
  remedies: {
    '28P01': 'Correct user and password',
    '28000': 'Let this user log in from here (pg_hba.conf)',
    '3D000': 'Create the database, or correct its name',
    '53300': 'Raise max_connections, or use a pooler',
  },
};
const CLOCK_WHY =
  'The ledger makes the tables of coming months by its own clock, and months are counted by the gateways’.';

interface Facts {
  readonly versionNumber: number;
  readonly isReplica: boolean;
  readonly isReadOnly: boolean;
}

/** What the check works with. */
export interface PostgresCheckOptions {
  readonly url: string;
  /** MIGRATE_ON_START. */
  readonly migratesOnStart: boolean;
  /** Whether tenants live there too. */
  readonly holdsTenants: boolean;
  readonly clock: Clock;
}

/** A pool for one check: each wait ends well before the check's deadline. */
export function createCheckPool(url: string): Pool {
  return createPostgresPool({
    url,
    maxConnections: 1,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 8000,
    onIdleError: () => undefined, // the next statement meets the same error
  });
}

async function readFacts(pool: Pool): Promise<Facts> {
  const { rows } = await pool.query<Facts>(`
    SELECT current_setting('server_version_num')::int AS "versionNumber", pg_is_in_recovery() AS "isReplica",
           current_setting('transaction_read_only') = 'on' AS "isReadOnly"`);
  if (!rows[0]) throw new Error('Postgres answered without a row');
  return rows[0];
}

async function readNow(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ now: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now',
  );
  return rows[0]?.now ?? Number.NaN;
}

function judgeVersion(versionNumber: number): Finding {
  const major = Math.trunc(versionNumber / 10_000);
  const version = `${major}.${versionNumber % 10_000}`;
  const remedy = `Upgrade it to ${DOCUMENTED_MAJOR} or newer.`;
  if (major < OLDEST_MAJOR)
    return error(`Postgres is of version ${version}.`, 'The schema needs features it does not have.', remedy);
  if (major < DOCUMENTED_MAJOR)
    return warning(`Postgres is of version ${version}.`, 'Tollgate is not tested with it.', remedy);
  return ok(`Postgres ${version} is reachable.`);
}

/** The ledger's database: reachable, new enough, writable, migrated, with the rights that a gateway needs. */
export class PostgresCheck implements Check {
  readonly name = 'postgres';

  constructor(private readonly options: PostgresCheckOptions) {}

  async *run(): AsyncIterable<Finding> {
    const pool = createCheckPool(this.options.url);
    try {
      const facts = await readFacts(pool).catch((thrown: unknown) => unreachable(TARGET, thrown));
      if ('level' in facts) yield facts;
      else yield* this.#look(pool, facts);
    } finally {
      await pool.end();
    }
  }

  async *#look(pool: Pool, { versionNumber, isReplica, isReadOnly }: Facts): AsyncIterable<Finding> {
    yield judgeVersion(versionNumber);
    if (isReplica || isReadOnly)
      yield error(
        isReplica ? 'This Postgres is a replica.' : 'Transactions are read-only here.',
        'No usage event could be written, so calls are refused once the buffer is full.',
        'Point DATABASE_URL at the primary, with a user who may write.',
      );
    yield judgeClock('Postgres', CLOCK_WHY, await readClock(this.options.clock, () => readNow(pool)));
    yield* this.#lookAtSchema(pool);
  }

  async *#lookAtSchema(pool: Pool): AsyncIterable<Finding> {
    const { migratesOnStart, holdsTenants } = this.options;
    const { pending, unknown } = await findSchemaDifference(pool);
    if (unknown.length > 0)
      yield warning(
        `The schema has ${unknown.length} migration(s) that this version does not know.`,
        'A newer version was here; this one was not tested with its schema.',
        'Finish the upgrade, or go back to the newer version.',
      );
    if (pending.length > 0)
      yield {
        level: migratesOnStart ? 'warning' : 'error',
        what: `The schema lacks ${pending.length} migration(s): ${pending.join(', ')}.`,
        why: migratesOnStart
          ? 'The first gateway that starts makes the change (MIGRATE_ON_START).'
          : 'No gateway starts before they have run.',
        remedy: 'Run npm run tollgate -- migrate.',
      };
    else {
      yield ok('The schema is up to date.');
      yield* await findRightsFindings(pool, holdsTenants);
    }
  }
}
