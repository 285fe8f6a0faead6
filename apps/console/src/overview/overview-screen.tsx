import { Skeleton, Stack, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Wire } from '../api/admin-api.js';
import { formatCount, formatShare } from '../format/quantity.js';
import { formatNanoUsd } from '../format/usd.js';
import { FigureCard, Figures } from '../layout/figure-card.js';
import { ScreenTitle } from '../layout/screen-title.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { HealthTable } from '../system/health-table.js';
import { UsageChart } from '../usage/usage-chart.js';
import { TopAgents, TopTenants } from './top-tables.js';
import { useUsageTotals } from './usage-totals.js';

const BY_DAY = { bucket: 'day', groupBy: ['tenant_id'], filter: {}, from: null, to: null } as const;

type Rows = readonly Wire['Usage'][];

const sum = (rows: Rows, member: 'calls' | 'cost_nano_usd'): number =>
  rows.reduce((total, row) => total + (row[member] ?? 0), 0);

const SUCCESS = 'completed';

/** How things stand: what was spent, how many calls went wrong, who spends most, how the parts are. */
export function OverviewScreen(): ReactElement {
  const { totals, error, retry } = useUsageTotals();
  return (
    <Stack>
      <ScreenTitle title="Overview" />
      {error && <ProblemAlert error={error} onRetry={retry} />}
      {totals === undefined ? (
        !error && <Skeleton height={120} aria-label="Loading the figures" />
      ) : (
        <>
          <Figures>
            <FigureCard
              title="Spent today"
              value={formatNanoUsd(sum(totals.today, 'cost_nano_usd'))}
              note="UTC"
            />
            <FigureCard
              title="Spent this month"
              value={formatNanoUsd(sum(totals.month, 'cost_nano_usd'))}
              note="UTC"
            />
            <CallFigures title="today" rows={totals.today} />
            <CallFigures title="this month" rows={totals.month} />
          </Figures>
          <UsageChart question={BY_DAY} />
          <TopTenants rows={totals.tenants} />
          <TopAgents rows={totals.agents} />
        </>
      )}
      <section>
        <Title order={2} size="h4" mb="xs">
          Health
        </Title>
        <HealthTable />
      </section>
    </Stack>
  );
}

function CallFigures({ title, rows }: { readonly title: string; readonly rows: Rows }): ReactElement {
  const calls = sum(rows, 'calls');
  const failed =
    calls -
    sum(
      rows.filter(({ status }) => status === SUCCESS),
      'calls',
    );
  return (
    <>
      <FigureCard title={`Calls ${title}`} value={formatCount(calls)} note="that have ended" />
      <FigureCard
        title={`Not completed ${title}`}
        value={formatCount(failed)}
        note={`${formatShare(failed, calls)} of the calls: errors, and calls broken off`}
      />
    </>
  );
}
