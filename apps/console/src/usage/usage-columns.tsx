import type { Wire } from '../api/admin-api.js';
import { formatCount } from '../format/quantity.js';
import { formatTime } from '../format/time.js';
import { formatNanoUsd } from '../format/usd.js';
import type { Column } from '../list/paged-table.js';
import { DIMENSIONS, type UsageQuestion } from './usage-question.js';

/** A row of usage. */
export type UsageRow = Wire['Usage'];

/** The columns that the answer to a question has. */
export function columnsOf({ bucket, groupBy }: UsageQuestion): readonly Column<UsageRow>[] {
  const time: Column<UsageRow> = { title: 'From', cell: (row) => formatTime(row.bucket) };
  return [
    ...(bucket === 'none' ? [] : [time]),
    ...groupBy.map((name) => ({ title: DIMENSIONS[name], cell: (row: UsageRow) => row[name] ?? 'none' })),
    { title: 'Calls', isNumber: true, cell: ({ calls }) => formatCount(calls) },
    { title: 'Tries', isNumber: true, cell: ({ tries }) => formatCount(tries) },
    { title: 'Input tokens', isNumber: true, cell: ({ input_tokens }) => formatCount(input_tokens) },
    { title: 'Cached tokens', isNumber: true, cell: (row) => formatCount(row.cached_input_tokens) },
    { title: 'Output tokens', isNumber: true, cell: ({ output_tokens }) => formatCount(output_tokens) },
    { title: 'Cost', isNumber: true, cell: ({ cost_nano_usd }) => formatNanoUsd(cost_nano_usd) },
  ];
}

/** What a row is told apart by. */
export function keyOf(row: UsageRow): string {
  const { bucket, tenant_id, agent_id, key_id, model, model_provider, status, task_type } = row;
  return JSON.stringify([bucket, tenant_id, agent_id, key_id, model, model_provider, status, task_type]);
}
