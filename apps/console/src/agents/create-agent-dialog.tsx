import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { adminApi, bodyOf } from '../api/admin-api.js';
import { useOnceHeader } from '../api/once-header.js';
import { LimitInputs, type LimitDraft } from '../budget/limit-inputs.js';
import { UsdInput } from '../budget/usd-input.js';
import { FormDialog } from '../layout/form-dialog.js';
import { ProblemAlert } from '../problem/problem-alert.js';

/** Registers an agent. */
export function CreateAgentDialog({
  tenantId,
  onClose,
}: {
  readonly tenantId: string;
  readonly onClose: () => void;
}): ReactElement {
  const [id, setId] = useState('');
  const [budget, setBudget] = useState('');
  const [limits, setLimits] = useState<LimitDraft>({});
  const body = { id, ...limits, ...(budget === '' ? {} : { budget_usd: budget }) };
  const header = useOnceHeader(body);
  const creation = useMutation({
    mutationFn: () =>
      bodyOf(
        adminApi.POST('/admin/v1/tenants/{tenant_id}/agents', {
          params: { path: { tenant_id: tenantId }, header },
          body,
        }),
      ),
    onSuccess: onClose,
  });
  return (
    <FormDialog
      title={`Register an agent of ${tenantId}`}
      isOpen
      onClose={onClose}
      onSubmit={() => creation.mutate()}
      submitText="Register"
      isBusy={creation.isPending}
    >
      {creation.error && <ProblemAlert error={creation.error} />}
      <TextInput
        label="Id"
        description="As its calls name it in x-agent-id."
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
        data-autofocus
        required
      />
      <UsdInput
        label="Budget a month"
        description="Empty: none of its own."
        value={budget}
        onChange={setBudget}
      />
      <LimitInputs value={limits} onChange={setLimits} />
    </FormDialog>
  );
}
