import { useDebouncedValue } from '@mantine/hooks';
import type { ReactElement } from 'react';
import { adminApi, bodyOf } from '../api/admin-api.js';
import { PagedTable } from '../list/paged-table.js';
import { UsageChart } from './usage-chart.js';
import { columnsOf, keyOf } from './usage-columns.js';
import { queryOf, type UsageQuestion } from './usage-question.js';

const TYPING_MS = 250;

/** The answer to a question, drawn and in rows. */
export function UsageTable({ question }: { readonly question: UsageQuestion }): ReactElement {
  const [settled] = useDebouncedValue(question, TYPING_MS);
  const query = queryOf(settled);
  return (
    <>
      <UsageChart question={settled} />
      <PagedTable
        caption="Usage"
        columns={columnsOf(settled)}
        rowKey={keyOf}
        queryKey={['usage', query]}
        fetchPage={(cursor) =>
          bodyOf(adminApi.GET('/admin/v1/usage', { params: { query: { ...query, cursor, limit: '50' } } }))
        }
        emptyText="Nothing was used in this time."
      />
    </>
  );
}
