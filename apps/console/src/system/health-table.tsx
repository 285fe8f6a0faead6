import { Badge, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { formatMs } from '../format/quantity.js';
import { formatTime } from '../format/time.js';
import { DataTable, type Column } from '../list/paged-table.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { readHealth, type ComponentHealth } from './health-client.js';

const REFRESH_MS = 10_000;

type Part = ComponentHealth & { readonly name: string };

const columns: readonly Column<Part>[] = [
  { title: 'Part', cell: ({ name }) => name },
  {
    title: 'Status',
    cell: ({ status }) => (
      <Badge variant="filled" color={status === 'up' || status === 'healthy' ? '#1f6f30' : 'red.9'}>
        {status}
      </Badge>
    ),
  },
  { title: 'Answered in', isNumber: true, cell: ({ latency_ms }) => formatMs(latency_ms) },
];

/** How the admin API and what it depends on are, looked at again and again. */
export function HealthTable(): ReactElement {
  const health = useQuery({ queryKey: ['health'], queryFn: readHealth, refetchInterval: REFRESH_MS });
  if (health.error) return <ProblemAlert error={health.error} onRetry={() => void health.refetch()} />;
  if (health.data === undefined) return <Skeleton height={80} aria-label="Loading the health" />;
  const { status, version, timestamp, components } = health.data;
  const parts: Part[] = [
    { name: `admin API ${version}`, status },
    ...Object.entries(components).map(([name, component]) => ({ name, ...component })),
  ];
  return (
    <>
      <DataTable caption="Health" columns={columns} rows={parts} rowKey={({ name }) => name} />
      <Text size="xs" c="dimmed" mt="xs">
        As of {formatTime(timestamp)}.
      </Text>
    </>
  );
}
