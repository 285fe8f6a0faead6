import { Alert, Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { adminApi, bodyOf } from '../api/admin-api.js';
import { ApiProblem } from '../api/api-problem.js';
import { formatTime } from '../format/time.js';
import { ProblemAlert } from './problem-alert.js';

/** What a change was made to, by its names in the audit. */
export interface ChangeTarget {
  readonly tenantId: string;
  readonly id: string;
}

/** Why a change was refused; when somebody else was faster, who that was, with an offer to reload. */
export function ChangeAlert({
  error,
  target,
  onReload,
}: {
  readonly error: Error | null;
  readonly target: ChangeTarget;
  readonly onReload: () => void;
}): ReactElement | null {
  if (error === null) return null;
  if (!(error instanceof ApiProblem && error.isConflict)) return <ProblemAlert error={error} />;
  return <ConflictAlert target={target} onReload={onReload} />;
}

function ConflictAlert({
  target,
  onReload,
}: {
  readonly target: ChangeTarget;
  readonly onReload: () => void;
}): ReactElement {
  const winner = useQuery({
    queryKey: ['audit', 'latest', target],
    queryFn: () =>
      bodyOf(
        adminApi.GET('/admin/v1/audit', {
          params: { query: { tenant_id: target.tenantId, target_id: target.id, limit: '1' } },
        }),
      ),
    gcTime: 0,
    staleTime: 0,
  });
  const entry = winner.data?.data[0];
  return (
    <Alert
      color="yellow"
      variant="outline"
      title="Somebody else was faster: nothing was changed"
      role="alert"
    >
      <Text size="sm">
        {entry
          ? `${entry.actor} did ${entry.action} at ${formatTime(entry.at)}.`
          : 'It has changed since you read it.'}{' '}
        Reload to see what is there now, then decide again.
      </Text>
      <Button size="xs" mt="xs" variant="default" onClick={onReload}>
        Reload
      </Button>
    </Alert>
  );
}
