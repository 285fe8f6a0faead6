import { Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { adminApi, type Wire } from '../api/admin-api.js';
import { FormDialog } from '../layout/form-dialog.js';
import { ChangeAlert } from '../problem/change-alert.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { useAgentEdition } from './agent-edition.js';

/** Removes an agent with its limits. */
export function RemoveAgentDialog({
  listed,
  onClose,
}: {
  readonly listed: Wire['Agent'];
  readonly onClose: () => void;
}): ReactElement {
  const { tenant_id, id } = listed;
  const edition = useAgentEdition(listed);
  const change = useMutation({
    mutationFn: () =>
      adminApi.DELETE('/admin/v1/tenants/{tenant_id}/agents/{agent_id}', {
        params: { path: { tenant_id, agent_id: id }, header: { 'If-Match': edition.data?.etag ?? '' } },
      }),
    onSuccess: onClose,
  });
  const reload = (): void => {
    change.reset();
    edition.reload();
  };
  return (
    <FormDialog
      title={`Remove the agent ${id}?`}
      isOpen
      onClose={onClose}
      onSubmit={() => change.mutate()}
      submitText="Remove"
      isBusy={change.isPending || edition.isFetching}
      isDangerous
    >
      {edition.error && <ProblemAlert error={edition.error} />}
      <ChangeAlert error={change.error} target={{ tenantId: tenant_id, id }} onReload={reload} />
      <Text>
        Its own budget and limits end. What it has used stays in the ledger, and keys bound to it stay bound.
      </Text>
    </FormDialog>
  );
}
