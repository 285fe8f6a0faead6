import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useNavigate } from 'react-router';
import { adminApi, bodyOf } from '../api/admin-api.js';
import { useOnceHeader } from '../api/once-header.js';
import { UsdInput } from '../budget/usd-input.js';
import { FormDialog } from '../layout/form-dialog.js';
import { ProblemAlert } from '../problem/problem-alert.js';

/** Makes a tenant, and goes to it. */
export function CreateTenantDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [id, setId] = useState('');
  const [budget, setBudget] = useState('');
  const body = { id, ...(budget === '' ? {} : { budget_usd: budget }) };
  const header = useOnceHeader(body);
  const creation = useMutation({
    mutationFn: () => bodyOf(adminApi.POST('/admin/v1/tenants', { params: { header }, body })),
    onSuccess: (tenant) => {
      void queryClient.invalidateQueries({ queryKey: ['tenants'] });
      void navigate(`/tenants/${tenant.id}`);
    },
  });
  return (
    <FormDialog
      title="Create a tenant"
      isOpen
      onClose={onClose}
      onSubmit={() => creation.mutate()}
      submitText="Create"
      isBusy={creation.isPending}
    >
      {creation.error && <ProblemAlert error={creation.error} />}
      <TextInput
        label="Id"
        description="Stands in usage and invoices for ever, and cannot be changed."
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
        data-autofocus
        required
      />
      <UsdInput
        label="Budget a month"
        description="Left empty, the default budget is in force."
        value={budget}
        onChange={setBudget}
      />
    </FormDialog>
  );
}
