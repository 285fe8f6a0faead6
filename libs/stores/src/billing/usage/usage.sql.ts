import type { z } from 'zod';
import { ledgerLines } from '../rollups/ledger-lines.sql.js';
import { DIMENSION_COLUMNS, MEASURE_COLUMNS } from '../rollups/rollup-columns.js';
import { DIMENSIONS, type Dimension, type usageQuery } from './usage-query.js';

const DAY_MS = 86_400_000;

/** A statement with its parameters. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A usage query that was checked. */
export type ParsedUsageQuery = z.output<typeof usageQuery>;

const columns = [...DIMENSION_COLUMNS, ...MEASURE_COLUMNS].join(', ');
const sums = MEASURE_COLUMNS.map((column) => `sum(${column})::bigint AS ${column}`).join(', ');

/** The columns that a query groups by, in their order. */
export const keyColumns = (query: Pick<ParsedUsageQuery, 'bucket' | 'groupBy'>): string[] => [
  ...(query.bucket ? ['bucket'] : []),
  ...query.groupBy.map((dimension) => DIMENSIONS[dimension]),
];

// An hour with a row that nobody has rolled up yet, however late it came, is read from the ledger and from nowhere else.
const DIRTY = `dirty AS MATERIALIZED (
    SELECT DISTINCT tenant_id, tollgate_hour_of(request_id) AS hour FROM usage_events
    WHERE change_xid >= $1 AND request_id >= tollgate_first_uuid($2) AND request_id < tollgate_first_uuid($3)
    UNION SELECT tenant_id, hour FROM usage_dirty_hours WHERE hour >= $2 AND hour < $3
  ), dirty_days AS MATERIALIZED (SELECT DISTINCT tenant_id, date_trunc('day', hour, 'UTC') AS day FROM dirty)`;

const cleanHours = (own: string): string => `
  SELECT tenant_id, hour, ${columns} FROM usage_hourly u WHERE hour >= $2 AND hour < $3 AND ${own}
    AND NOT EXISTS (SELECT FROM dirty d WHERE d.tenant_id = u.tenant_id AND d.hour = u.hour)`;

const cleanDays = (own: string): string => `
  SELECT tenant_id, day AS hour, ${columns} FROM usage_daily u WHERE day >= $2 AND day < $3 AND ${own}
    AND NOT EXISTS (SELECT FROM dirty_days d WHERE d.tenant_id = u.tenant_id AND d.day = u.day)`;

// Of a day with a dirty hour, the clean hours. OFFSET keeps the planner from reading all hours that the tenant ever had.
const cleanHoursOfDirtyDays = (own: string): string => `
  SELECT u.tenant_id, u.hour, ${columns} FROM dirty_days d CROSS JOIN LATERAL (
    SELECT * FROM usage_hourly h WHERE h.tenant_id = d.tenant_id AND h.hour >= greatest(d.day, $2) AND h.hour < least(d.day + interval '1 day', $3)
    OFFSET 0
  ) u WHERE ${own.replaceAll('tenant_id', 'u.tenant_id')}
    AND NOT EXISTS (SELECT FROM dirty x WHERE x.tenant_id = u.tenant_id AND x.hour = u.hour)`;

/**
 * Builds the statement that answers a usage query: rollups of what is clean, the ledger for what is not, in one snapshot.
 * `watermark` is that of the rollups. Rows come in the order of their keys, after the keys in `after` if there are any.
 */
export function usageSql(query: ParsedUsageQuery, watermark: string, after?: readonly unknown[]): Statement {
  const values: unknown[] = [watermark, new Date(query.fromMs), new Date(query.toMs)];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const isWholeDays = query.bucket !== 'hour' && query.fromMs % DAY_MS === 0 && query.toMs % DAY_MS === 0;
  const tenants = query.filters.tenant ? bind(query.filters.tenant) : undefined;
  const own = tenants === undefined ? 'true' : `tenant_id = ANY (${tenants}::text[])`;
  const filters = Object.entries(query.filters)
    .filter(([dimension, wanted]) => wanted && dimension !== 'tenant')
    .map(
      ([dimension, wanted]) =>
        `${DIMENSIONS[dimension as Dimension]} = ANY (${bind(wanted?.map((value) => value ?? ''))}::text[])`,
    );
  const keys = keyColumns(query);
  const bucket = query.bucket ? `date_trunc('${query.bucket}', hour, 'UTC') AS bucket, ` : '';
  const groups = keys.length > 0 ? `GROUP BY ${keys.join(', ')}` : '';
  const having = [`(sum(calls) > 0 OR sum(cost_nano_usd) > 0)`];
  if (after)
    having.push(`(${keys.join(', ')}) > (${keys.map((key, i) => bind(after[i]) + typeOf(key)).join(', ')})`);
  const source = isWholeDays ? [cleanDays(own), cleanHoursOfDirtyDays(own)] : [cleanHours(own)];
  const text = `WITH ${DIRTY}, lines AS (
    ${[...source, ledgerLines(`(SELECT * FROM dirty WHERE ${own})`)].join('\n    UNION ALL ')}
  ), keyed AS (SELECT ${bucket}* FROM lines WHERE ${['true', ...filters].join(' AND ')})
  SELECT ${[...keys, sums].join(', ')} FROM keyed ${groups} HAVING ${having.join(' AND ')}
  ${keys.length > 0 ? `ORDER BY ${keys.join(', ')}` : ''}`;
  return { text, values };
}

const typeOf = (key: string): string => (key === 'bucket' ? '::timestamptz' : '::text');
