import { Button, Group, Skeleton, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { adminApi, bodyOf, editionOf, type AnswerOf, type Edition, type Wire } from '../api/admin-api.js';
import { ChangeAlert } from '../problem/change-alert.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { useCanWrite } from '../session/session-context.js';
import { PolicyDifference } from './policy-difference.js';
import { draftOf, policyOf, type PolicyDraft } from './policy-draft.js';
import { PolicyForm } from './policy-form.js';

/** The policy of a tenant: edited whole, tried out, then applied. */
export function PolicyPanel({ tenantId }: { readonly tenantId: string }): ReactElement {
  const policy = useQuery({
    queryKey: ['policy', tenantId],
    queryFn: () =>
      editionOf(
        adminApi.GET('/admin/v1/tenants/{tenant_id}/policy', { params: { path: { tenant_id: tenantId } } }),
      ),
    staleTime: Infinity, // what the operator has seen is what is changed
    gcTime: 0,
  });
  if (policy.error) return <ProblemAlert error={policy.error} onRetry={() => void policy.refetch()} />;
  if (policy.data === undefined) return <Skeleton height={320} aria-label="Loading the policy" />;
  return <PolicyEditor key={policy.data.etag} tenantId={tenantId} edition={policy.data} />;
}

function PolicyEditor({
  tenantId,
  edition,
}: {
  readonly tenantId: string;
  readonly edition: Edition<Wire['Policy']>;
}): ReactElement {
  const canWrite = useCanWrite();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<PolicyDraft>(() => draftOf(edition.value));
  const send = (isDryRun: boolean): Promise<AnswerOf<'replacePolicy'>> =>
    bodyOf(
      adminApi.PUT('/admin/v1/tenants/{tenant_id}/policy', {
        params: {
          path: { tenant_id: tenantId },
          header: { 'If-Match': edition.etag },
          query: { dry_run: isDryRun ? 'true' : 'false' },
        },
        body: policyOf(draft),
      }),
    );
  const trial = useMutation({ mutationFn: () => send(true) });
  const change = useMutation({
    mutationFn: () => send(false),
    onSuccess: () => {
      notifications.show({ title: 'The policy is changed', message: 'In force within a second.' });
      reload();
    },
  });
  const reload = (): void => void queryClient.invalidateQueries({ queryKey: ['policy', tenantId] });
  const edit = (next: PolicyDraft): void => {
    setDraft(next);
    trial.reset();
    change.reset();
  };
  return (
    <Stack>
      <PolicyForm draft={draft} onChange={edit} isReadOnly={!canWrite} />
      <ChangeAlert
        error={change.error ?? trial.error}
        target={{ tenantId, id: tenantId }}
        onReload={reload}
      />
      {trial.data && <PolicyDifference change={trial.data} />}
      {canWrite && (
        <Group>
          <Button variant="default" loading={trial.isPending} onClick={() => trial.mutate()}>
            Try it out
          </Button>
          <Button
            disabled={trial.data === undefined || trial.data.changes.length === 0}
            loading={change.isPending}
            onClick={() => change.mutate()}
          >
            Apply
          </Button>
        </Group>
      )}
    </Stack>
  );
}
