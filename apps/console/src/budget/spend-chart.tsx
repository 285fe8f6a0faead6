import { LineChart } from '@mantine/charts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { adminApi, bodyOf, type Wire } from '../api/admin-api.js';
import { formatUsdShort } from '../format/usd.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { spendRows } from './spend-rows.js';

/** What a tenant has spent this month, day by day, on the way to its forecast, below the line of its budget. */
export function SpendChart({ budget }: { readonly budget: Wire['Budget'] }): ReactElement | null {
  const usage = useQuery({
    queryKey: ['spend', budget.tenant_id, budget.month],
    queryFn: () =>
      bodyOf(
        adminApi.GET('/admin/v1/usage', {
          params: { query: { tenant_id: budget.tenant_id, bucket: 'day', limit: '31' } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
  if (usage.error) return <ProblemAlert error={usage.error} onRetry={() => void usage.refetch()} />;
  if (usage.data === undefined) return null;
  const { rows, limitUsd } = spendRows(budget, usage.data.data);
  return (
    <figure aria-label={`Spent in ${budget.month} so far, with the forecast and the budget, in US dollars`}>
      <LineChart
        h={260}
        data={rows}
        dataKey="day"
        series={[
          { name: 'spent', label: 'Spent', color: 'blue.6' },
          { name: 'forecast', label: 'Forecast', color: 'grape.6', strokeDasharray: '5 5' },
        ]}
        connectNulls
        withLegend
        withDots={false}
        valueFormatter={formatUsdShort}
        lineChartProps={{ accessibilityLayer: false }}
        lineProps={{ isAnimationActive: false }}
        yAxisProps={{ domain: [0, (most: number) => Math.max(most, limitUsd ?? 0)] }}
        {...(limitUsd === undefined
          ? {}
          : { referenceLines: [{ y: limitUsd, label: 'Budget', color: 'red.6' }] })}
      />
    </figure>
  );
}
