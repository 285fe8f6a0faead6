import { Alert, Button, Group, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { adminApi, editionOf } from '../api/admin-api.js';
import { formatTime } from '../format/time.js';
import { formatNanoUsd } from '../format/usd.js';
import { FigureCard, Figures } from '../layout/figure-card.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { useCanWrite } from '../session/session-context.js';
import { BudgetDialog } from './budget-dialog.js';
import { IncreaseDialog } from './increase-dialog.js';
import { IncreasesTable } from './increases-table.js';
import { SpendChart } from './spend-chart.js';

const REFRESH_MS = 5000;

/** Where the budget of a tenant stands, and its change. */
export function BudgetPanel({ tenantId }: { readonly tenantId: string }): ReactElement {
  const canWrite = useCanWrite();
  const [doing, setDoing] = useState<'change' | 'increase'>();
  const budget = useQuery({
    queryKey: ['budget', tenantId],
    queryFn: () =>
      editionOf(
        adminApi.GET('/admin/v1/tenants/{tenant_id}/budget', { params: { path: { tenant_id: tenantId } } }),
      ),
    refetchInterval: REFRESH_MS,
  });
  if (budget.error) return <ProblemAlert error={budget.error} onRetry={() => void budget.refetch()} />;
  if (budget.data === undefined) return <Skeleton height={120} aria-label="Loading the budget" />;
  const { value } = budget.data;
  const spent = (value.settled_nano_usd ?? 0) + (value.held_nano_usd ?? 0);
  const limit =
    value.budget_nano_usd === null ? null : value.budget_nano_usd + (value.increase_nano_usd ?? 0);
  const isExhausted = value.remaining_nano_usd !== null && value.remaining_nano_usd <= 0;
  return (
    <Stack>
      {isExhausted && (
        <Alert color="red" variant="outline" title="The budget of this month is used up">
          Further calls of this tenant are refused with 429 insufficient_quota until{' '}
          {formatTime(value.resets_at)}, or until the budget is raised.
        </Alert>
      )}
      <Figures>
        <FigureCard
          title={`Budget of ${value.month}`}
          value={limit === null ? 'no limit' : formatNanoUsd(limit)}
          note={
            value.increase_nano_usd
              ? `${formatNanoUsd(value.increase_nano_usd)} of it for a while`
              : value.source === 'default'
                ? 'the default'
                : 'its own'
          }
        />
        <FigureCard
          title="Settled"
          value={formatNanoUsd(value.settled_nano_usd)}
          note="calls that have ended"
        />
        <FigureCard
          title="Held"
          value={value.held_nano_usd === null ? 'unknown' : formatNanoUsd(value.held_nano_usd)}
          note={value.held_nano_usd === null ? 'the admin API has no REDIS_URL' : 'for calls under way'}
        />
        <FigureCard
          title="Remaining"
          value={limit === null ? 'no limit' : formatNanoUsd(value.remaining_nano_usd)}
          note={`begins anew ${formatTime(value.resets_at)}`}
        />
        <FigureCard
          title="Forecast to the month's end"
          value={formatNanoUsd(value.forecast_nano_usd)}
          note={`learned from ${value.forecast_days} complete days`}
        />
      </Figures>
      {limit !== null && (
        <div>
          <Progress
            value={limit === 0 ? 100 : Math.min(100, (100 * spent) / limit)}
            color={isExhausted ? 'red' : 'blue'}
            aria-label="Part of the budget that is spent"
          />
          <Text size="xs" c="dimmed">
            {limit === 0
              ? 'nothing may be spent'
              : `${((100 * spent) / limit).toFixed(1)} % of the budget spent`}
          </Text>
        </div>
      )}
      <SpendChart budget={value} />
      {canWrite && (
        <Group>
          <Button onClick={() => setDoing('change')}>Change the budget</Button>
          <Button variant="default" onClick={() => setDoing('increase')}>
            Raise it for a while
          </Button>
        </Group>
      )}
      <IncreasesTable tenantId={tenantId} />
      {doing === 'change' && <BudgetDialog tenantId={tenantId} onClose={() => setDoing(undefined)} />}
      {doing === 'increase' && <IncreaseDialog tenantId={tenantId} onClose={() => setDoing(undefined)} />}
    </Stack>
  );
}
