import { BarChart } from '@mantine/charts';
import { Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { adminApi, bodyOf } from '../api/admin-api.js';
import { formatUsdShort } from '../format/usd.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { stackRows } from './chart-rows.js';
import { queryOf, type UsageQuestion } from './usage-question.js';

const MAX_ROWS = '1000';

/** Cost over time as the API answers it, the largest groups of the first dimension apart. */
export function UsageChart({ question }: { readonly question: UsageQuestion }): ReactElement | null {
  const bucket = question.bucket === 'none' ? 'day' : question.bucket;
  const dimension = question.groupBy[0];
  const asked = queryOf({ ...question, bucket, groupBy: dimension === undefined ? [] : [dimension] });
  const usage = useQuery({
    queryKey: ['usage-chart', asked],
    queryFn: () =>
      bodyOf(adminApi.GET('/admin/v1/usage', { params: { query: { ...asked, limit: MAX_ROWS } } })),
    placeholderData: keepPreviousData,
  });
  if (usage.error) return <ProblemAlert error={usage.error} onRetry={() => void usage.refetch()} />;
  if (usage.data === undefined || usage.data.data.length === 0) return null;
  const { rows, series } = stackRows(usage.data.data, dimension, bucket);
  return (
    <figure aria-label={`Cost by ${bucket}, in US dollars`}>
      <BarChart
        h={260}
        data={rows}
        dataKey="time"
        type="stacked"
        series={series}
        withLegend={series.length > 1}
        valueFormatter={formatUsdShort}
        barChartProps={{ accessibilityLayer: false }}
        barProps={{ isAnimationActive: false }}
      />
      {usage.data.next_cursor !== null && (
        <Text size="xs" c="dimmed" component="figcaption">
          Only the first {MAX_ROWS} rows are drawn: choose a larger bucket or a shorter time.
        </Text>
      )}
    </figure>
  );
}
