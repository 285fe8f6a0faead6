import { inspectServiceRole } from '@tollgate/database';
import type { Pool } from 'pg';
import { error, ok, warning, type Finding } from '../finding.js';

const LEDGER_RIGHTS: readonly (readonly [table: string, privilege: string])[] = [
  ['usage_events', 'SELECT'],
  ['usage_events', 'INSERT'],
  ['usage_events', 'UPDATE'],
  ['budget_totals', 'SELECT'],
  ['budget_totals', 'INSERT'],
  ['budget_totals', 'UPDATE'],
  ['budget_alerts', 'INSERT'],
];
const TENANT_TABLES = ['tenants', 'agents', 'api_keys', 'settings_version', 'budget_increases'];

const MISSING_SQL = `
  SELECT t || ' (' || p || ')' AS missing FROM unnest($1::text[], $2::text[]) AS needed (t, p)
  WHERE NOT has_table_privilege(t, p)`;

const MAY_MAKE_MONTHS_SQL =
  "SELECT has_function_privilege('tollgate_prepare_usage_months(timestamptz)', 'EXECUTE') AS may";
const JOIN = 'As the owner of the database, run GRANT tollgate_gateway TO <user>.';

/** What the user of a migrated database lacks of the rights that a gateway needs. */
export async function findRightsFindings(pool: Pool, holdsTenants: boolean): Promise<Finding[]> {
  const needed = [
    ...LEDGER_RIGHTS,
    ...(holdsTenants ? TENANT_TABLES.map((table) => [table, 'SELECT'] as const) : []),
  ];
  const { rows } = await pool.query<{ missing: string }>(MISSING_SQL, [
    needed.map(([table]) => table),
    needed.map(([, privilege]) => privilege),
  ]);
  const missing = rows.map((row) => row.missing).join(', ');
  const { rows: months } = await pool.query<{ may: boolean }>(MAY_MAKE_MONTHS_SQL);
  const findings: Finding[] = [];
  if (missing !== '')
    findings.push(
      error(
        `The user lacks rights: ${missing}.`,
        'Usage events cannot be written, or tenants not be read.',
        JOIN,
      ),
    );
  if (months[0]?.may !== true)
    findings.push(
      warning(
        'The user may not make the tables of coming months.',
        'Events of months without a table land in usage_events_other, which grows without end.',
        JOIN,
      ),
    );
  const { isMember, unboundBy } = await inspectServiceRole(pool, 'tollgate_gateway');
  if (!isMember)
    findings.push(error('The user is not a member of tollgate_gateway.', 'No gateway starts with it.', JOIN));
  if (unboundBy.length > 0)
    findings.push(
      warning(
        `Row-level security does not bind the user (${unboundBy.join(', ')}).`,
        'A defect could show a tenant the checkpoints of another; strict mode refuses the user.',
        'Make one with CREATE ROLE <user> LOGIN PASSWORD <password> IN ROLE tollgate_gateway, and connect as it.',
      ),
    );
  return findings.length > 0 ? findings : [ok('The user has the rights that a gateway needs.')];
}
