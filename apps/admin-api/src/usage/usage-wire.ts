import { USAGE_DIMENSIONS, formatAmount, formatTime, type UsageDimension } from '@tollgate/admin-contract';
import { monthOf, monthStartMs } from '@tollgate/domain';
import { MEASURES, type Dimension, type UsageQuery, type UsageRow } from '@tollgate/stores';

const HOUR_MS = 3_600_000;

/** The stores' names of the dimensions. */
const FIELDS: Readonly<Record<UsageDimension, Dimension>> = {
  tenant_id: 'tenant',
  agent_id: 'agent',
  key_id: 'key',
  model: 'model',
  model_provider: 'modelProvider',
  status: 'status',
  task_type: 'taskType',
};

type Wanted = string | readonly string[] | undefined;

/** A question about usage as a request has it. */
export type WireUsageQuery = Readonly<Partial<Record<UsageDimension, Wanted>>> & {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly bucket?: 'hour' | 'day' | 'month' | undefined;
  readonly group_by?: readonly UsageDimension[] | undefined;
};

// An empty text stands for calls that name none.
function valuesOf(wanted: Exclude<Wanted, undefined>): (string | null)[] {
  return (typeof wanted === 'string' ? [wanted] : wanted).map((value) => (value === '' ? null : value));
}

/** The question that a request asks at this moment. */
export function readUsageQuery(query: WireUsageQuery, nowMs: number): UsageQuery {
  const filters = USAGE_DIMENSIONS.flatMap((name) => {
    const wanted = query[name];
    return wanted === undefined ? [] : [[FIELDS[name], valuesOf(wanted)] as const];
  });
  const thisHour = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  return {
    fromMs: query.from === undefined ? monthStartMs(monthOf(nowMs)) : Date.parse(query.from),
    toMs: query.to === undefined ? thisHour + HOUR_MS : Date.parse(query.to),
    ...(query.bucket ? { bucket: query.bucket } : {}),
    groupBy: (query.group_by ?? []).map((name) => FIELDS[name]),
    filters: Object.fromEntries(filters),
  };
}

/** A row as an answer has it. */
export function formatUsage(row: UsageRow): object {
  const keys = USAGE_DIMENSIONS.flatMap((name) => {
    const value = row.group[FIELDS[name]];
    return value === undefined ? [] : [[name, value] as const];
  });
  const counts = MEASURES.filter(([field]) => field !== 'costNanoUsd').map(
    ([field, column]) => [column, row[field]] as const,
  );
  return {
    ...(row.bucketMs === undefined ? {} : { bucket: formatTime(row.bucketMs) }),
    ...Object.fromEntries<unknown>([...keys, ...counts]),
    ...formatAmount('cost', row.costNanoUsd),
  };
}
