import { Anchor, Text, Title } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'react-router';
import { adminApi, bodyOf, type Wire } from '../api/admin-api.js';
import { formatCount, formatShare } from '../format/quantity.js';
import { formatNanoUsd } from '../format/usd.js';
import { DataTable, type Column } from '../list/paged-table.js';

type Row = Wire['Usage'];
type Rows = readonly Row[];

const MOST = 5;

const top = (rows: Rows): Rows =>
  rows.toSorted((a, b) => (b.cost_nano_usd ?? 0) - (a.cost_nano_usd ?? 0)).slice(0, MOST);

const figures: readonly Column<Row>[] = [
  { title: 'Calls', isNumber: true, cell: ({ calls }) => formatCount(calls) },
  { title: 'Spent', isNumber: true, cell: ({ cost_nano_usd }) => formatNanoUsd(cost_nano_usd) },
];

const tenant: Column<Row> = {
  title: 'Tenant',
  cell: ({ tenant_id }) => (
    <Anchor component={Link} to={`/tenants/${tenant_id ?? ''}`} underline="always">
      {tenant_id}
    </Anchor>
  ),
};

function Top({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      {children}
    </section>
  );
}

/** The tenants that spent most this month, against their budgets. */
export function TopTenants({ rows }: { readonly rows: Rows }): ReactElement {
  const shown = top(rows);
  const budgets = useQueries({
    queries: shown.map(({ tenant_id }) => ({
      queryKey: ['budget-body', tenant_id],
      queryFn: () =>
        bodyOf(
          adminApi.GET('/admin/v1/tenants/{tenant_id}/budget', {
            params: { path: { tenant_id: tenant_id ?? '' } },
          }),
        ),
      retry: false, // a tenant that was deleted has usage and no budget
    })),
    combine: (results) => new Map(results.map(({ data }) => [data?.tenant_id, data])),
  });
  const budgetOf = ({ tenant_id }: Row): Wire['Budget'] | undefined => budgets.get(tenant_id ?? undefined);
  const columns: readonly Column<Row>[] = [
    tenant,
    ...figures,
    { title: 'Held', isNumber: true, cell: (row) => formatNanoUsd(budgetOf(row)?.held_nano_usd) },
    { title: 'Budget', isNumber: true, cell: (row) => formatNanoUsd(budgetOf(row)?.budget_nano_usd) },
    {
      title: 'Used',
      isNumber: true,
      cell: (row) => {
        const limit = budgetOf(row)?.budget_nano_usd;
        return limit ? formatShare(row.cost_nano_usd ?? 0, limit) : '–';
      },
    },
  ];
  return (
    <Top title="Tenants that spent most this month">
      {shown.length === 0 ? (
        <Text c="dimmed">Nothing was spent yet.</Text>
      ) : (
        <DataTable
          caption="Top tenants"
          columns={columns}
          rows={shown}
          rowKey={(row) => row.tenant_id ?? ''}
        />
      )}
    </Top>
  );
}

/** The agents that spent most this month. */
export function TopAgents({ rows }: { readonly rows: Rows }): ReactElement {
  const columns = [{ title: 'Agent', cell: ({ agent_id }: Row) => agent_id ?? 'none' }, tenant, ...figures];
  return (
    <Top title="Agents that spent most this month">
      {rows.length === 0 ? (
        <Text c="dimmed">Nothing was spent yet.</Text>
      ) : (
        <DataTable
          caption="Top agents"
          columns={columns}
          rows={top(rows)}
          rowKey={({ tenant_id, agent_id }) => `${tenant_id} ${agent_id}`}
        />
      )}
    </Top>
  );
}
