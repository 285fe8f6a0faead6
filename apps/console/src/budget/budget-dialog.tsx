import { Checkbox } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { adminApi, bodyOf, editionOf } from '../api/admin-api.js';
import { FormDialog } from '../layout/form-dialog.js';
import { ChangeAlert } from '../problem/change-alert.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { UsdInput } from './usd-input.js';

/** Changes the budget of a tenant, in the edition that was there when the dialog was opened. */
export function BudgetDialog({
  tenantId,
  onClose,
}: {
  readonly tenantId: string;
  readonly onClose: () => void;
}): ReactElement {
  const queryClient = useQueryClient();
  const path = { tenant_id: tenantId };
  const queryKey = ['budget-edition', tenantId];
  const edition = useQuery({
    queryKey,
    queryFn: () => editionOf(adminApi.GET('/admin/v1/tenants/{tenant_id}/budget', { params: { path } })),
    staleTime: Infinity,
    gcTime: 0,
  });
  const [typed, setTyped] = useState<string>();
  const [followsDefault, setFollowsDefault] = useState(false);
  const stored = edition.data?.value.source === 'database' ? (edition.data.value.budget_usd ?? '') : '';
  const amount = typed ?? stored;
  const change = useMutation({
    mutationFn: () =>
      bodyOf(
        adminApi.PUT('/admin/v1/tenants/{tenant_id}/budget', {
          params: { path, header: { 'If-Match': edition.data?.etag ?? '' } },
          body: { budget_usd: followsDefault ? null : amount },
        }),
      ),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['budget', tenantId] });
      void queryClient.invalidateQueries({ queryKey: ['tenants'] });
      onClose();
    },
  });
  const reload = (): void => {
    change.reset();
    setTyped(undefined);
    void queryClient.invalidateQueries({ queryKey });
  };
  return (
    <FormDialog
      title={`Change the budget of ${tenantId}`}
      isOpen
      onClose={onClose}
      onSubmit={() => change.mutate()}
      submitText="Change"
      isBusy={change.isPending || edition.isFetching}
    >
      {edition.error && <ProblemAlert error={edition.error} />}
      <ChangeAlert error={change.error} target={{ tenantId, id: tenantId }} onReload={reload} />
      <UsdInput
        label="Budget a month"
        description="0 lets nothing be spent. In force on every gateway within a second."
        value={followsDefault ? '' : amount}
        onChange={setTyped}
        required={!followsDefault}
      />
      <Checkbox
        label="Follow the default budget"
        checked={followsDefault}
        onChange={(event) => setFollowsDefault(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}
