import { useQueries, keepPreviousData, type UseQueryResult } from '@tanstack/react-query';
import { adminApi, bodyOf, type Wire } from '../api/admin-api.js';
import type { UsageQuery } from '../usage/usage-question.js';

const REFRESH_MS = 15_000;
const MAX_ROWS = '1000';

type Rows = readonly Wire['Usage'][];

/** What the overview asks: today by status, this month by status, by tenant and by agent. */
export interface UsageTotals {
  readonly today: Rows;
  readonly month: Rows;
  readonly tenants: Rows;
  readonly agents: Rows;
}

/** All answers, or the first failure. */
export interface UsageTotalsAnswer {
  readonly totals: UsageTotals | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
}

const questions = (): readonly UsageQuery[] => [
  { from: `${new Date().toISOString().slice(0, 10)}T00:00:00Z`, group_by: 'status' },
  { group_by: 'status' },
  { group_by: 'tenant_id' },
  { group_by: 'tenant_id,agent_id' },
];

function combine(results: UseQueryResult<{ data: Wire['Usage'][] }>[]): UsageTotalsAnswer {
  const [today, month, tenants, agents] = results.map(({ data }) => data?.data);
  return {
    totals: today && month && tenants && agents ? { today, month, tenants, agents } : undefined,
    error: results.find(({ error }) => error !== null)?.error ?? null,
    retry: () => results.forEach((result) => void result.refetch()),
  };
}

/** The usage that the overview shows, asked again and again. */
export function useUsageTotals(): UsageTotalsAnswer {
  return useQueries({
    queries: questions().map((query) => ({
      queryKey: ['overview', query],
      queryFn: () =>
        bodyOf(adminApi.GET('/admin/v1/usage', { params: { query: { ...query, limit: MAX_ROWS } } })),
      refetchInterval: REFRESH_MS,
      placeholderData: keepPreviousData,
    })),
    combine,
  });
}
