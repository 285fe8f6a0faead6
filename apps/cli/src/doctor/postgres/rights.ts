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
const TENANT_TABLES = ['tenants', 'agents', 'api_keys', 'settings_version'];

const MISSING_SQL = `
  SELECT t || ' (' || p || ')' AS missing FROM unnest($1::text[], $2::text[]) AS needed (t, p)
  WHERE NOT has_table_privilege(t, p)`;

// A partition is made by the table's owner (or a member of that role), in a schema in which he may create.
const MAY_MAKE_MONTHS_SQL = `
  SELECT pg_has_role(relowner, 'USAGE') AND has_schema_privilege(relnamespace, 'CREATE') AS may
  FROM pg_class WHERE oid = 'usage_events'::regclass`;

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
        'Grant them, or connect as the user who ran the migrations.',
      ),
    );
  if (months[0]?.may !== true)
    findings.push(
      warning(
        'The user may not make the tables of coming months.',
        'Events of months without a table land in usage_events_other, which grows without end.',
        'Make the user a member of the role that owns usage_events, and grant CREATE on its schema.',
      ),
    );
  return findings.length > 0 ? findings : [ok('The user has the rights that a gateway needs.')];
}
