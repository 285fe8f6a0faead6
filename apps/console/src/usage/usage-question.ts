/** What usage may be grouped and filtered by, with the words for it. */
export const DIMENSIONS = {
  tenant_id: 'Tenant',
  agent_id: 'Agent',
  key_id: 'Key',
  model: 'Model',
  model_provider: 'Model provider',
  status: 'Status',
  task_type: 'Task type',
} as const;

/** One of them, by its name on the wire. */
export type Dimension = keyof typeof DIMENSIONS;

/** All of them in the order of the API. */
export const DIMENSION_NAMES = Object.keys(DIMENSIONS) as readonly Dimension[];

/** What is asked of the usage. */
export interface UsageQuestion {
  readonly bucket: 'none' | 'hour' | 'day' | 'month';
  readonly groupBy: readonly Dimension[];
  readonly filter: Readonly<Partial<Record<Dimension, string>>>;
  /** Days of UTC, `2026-11-30`; null: the API's default, this month until now. */
  readonly from: string | null;
  /** Inclusive. */
  readonly to: string | null;
}

/** The same as the API's query. */
export interface UsageQuery extends Partial<Record<Dimension, string>> {
  readonly bucket?: 'hour' | 'day' | 'month';
  readonly group_by?: string;
  readonly from?: string;
  readonly to?: string;
}

const DAY_MS = 86_400_000;

/** A question as the API takes it. */
export function queryOf({ bucket, groupBy, filter, from, to }: UsageQuestion): UsageQuery {
  const wanted = Object.entries(filter).filter(([, value]) => value !== '');
  return {
    ...(bucket === 'none' ? {} : { bucket }),
    ...(groupBy.length === 0 ? {} : { group_by: groupBy.join(',') }),
    ...Object.fromEntries(wanted),
    ...(from === null ? {} : { from: `${from}T00:00:00Z` }),
    ...(to === null ? {} : { to: new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS).toISOString() }),
  };
}

/** Where the answer to a question is downloaded, of any size. */
export function exportUrl(question: UsageQuestion, format: 'csv' | 'jsonl'): string {
  const query = new URLSearchParams({ ...queryOf(question), format });
  return `/admin/v1/usage/export?${query.toString()}`;
}
