import { TextInput } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { adminApi, bodyOf } from '../api/admin-api.js';
import { useOnceHeader } from '../api/once-header.js';
import { toWireTime } from '../format/time.js';
import { FormDialog } from '../layout/form-dialog.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { UsdInput } from './usd-input.js';

/** Raises the budget of a tenant until a date. */
export function IncreaseDialog({
  tenantId,
  onClose,
}: {
  readonly tenantId: string;
  readonly onClose: () => void;
}): ReactElement {
  const queryClient = useQueryClient();
  const [amount, setAmount] = useState('');
  const [end, setEnd] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const body = { amount_usd: amount, ends_at: end === null ? '' : toWireTime(end), reason };
  const header = useOnceHeader(body);
  const creation = useMutation({
    mutationFn: () =>
      bodyOf(
        adminApi.POST('/admin/v1/tenants/{tenant_id}/budget/increases', {
          params: { path: { tenant_id: tenantId }, header },
          body,
        }),
      ),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['increases', tenantId] });
      void queryClient.invalidateQueries({ queryKey: ['budget', tenantId] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Raise the budget of ${tenantId} for a while`}
      isOpen
      onClose={onClose}
      onSubmit={() => creation.mutate()}
      submitText="Raise"
      isBusy={creation.isPending}
      isDisabled={end === null}
    >
      {creation.error && <ProblemAlert error={creation.error} />}
      <UsdInput label="Raise by" value={amount} onChange={setAmount} required />
      <DateTimePicker label="Until (UTC)" value={end} onChange={setEnd} required />
      <TextInput
        label="Reason"
        description="Stands in the audit."
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        required
      />
    </FormDialog>
  );
}
