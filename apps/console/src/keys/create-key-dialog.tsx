import { TextInput } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { adminApi, bodyOf } from '../api/admin-api.js';
import { useOnceHeader } from '../api/once-header.js';
import { UsdInput } from '../budget/usd-input.js';
import { toWireTime } from '../format/time.js';
import { FormDialog } from '../layout/form-dialog.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { SecretDialog } from './secret-dialog.js';

/** Makes a key, and shows its secret once. */
export function CreateKeyDialog({
  tenantId,
  onClose,
}: {
  readonly tenantId: string;
  readonly onClose: () => void;
}): ReactElement {
  const [name, setName] = useState('');
  const [agent, setAgent] = useState('');
  const [budget, setBudget] = useState('');
  const [expiry, setExpiry] = useState<string | null>(null);
  const body = {
    name: name === '' ? null : name,
    agent_id: agent === '' ? null : agent,
    expires_at: expiry === null ? null : toWireTime(expiry),
    ...(budget === '' ? {} : { budget_usd: budget }),
  };
  const header = useOnceHeader(body);
  const creation = useMutation({
    mutationFn: () =>
      bodyOf(
        adminApi.POST('/admin/v1/tenants/{tenant_id}/keys', {
          params: { path: { tenant_id: tenantId }, header },
          body,
        }),
      ),
    gcTime: 0, // the secret is not kept
  });
  if (creation.data) return <SecretDialog secret={creation.data.secret} onClose={onClose} />;
  return (
    <FormDialog
      title={`Create a key of ${tenantId}`}
      isOpen
      onClose={onClose}
      onSubmit={() => creation.mutate()}
      submitText="Create"
      isBusy={creation.isPending}
    >
      {creation.error && <ProblemAlert error={creation.error} />}
      <TextInput
        label="Name"
        description="Whose it is or what for, so that it is recognised later."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Agent"
        description="The only agent that it may act for; empty: any."
        value={agent}
        onChange={(event) => setAgent(event.currentTarget.value.trim())}
      />
      <UsdInput
        label="Budget a month"
        description="Within the tenant's."
        value={budget}
        onChange={setBudget}
      />
      <DateTimePicker
        label="Expires (UTC)"
        description="Empty: never."
        value={expiry}
        onChange={setExpiry}
        clearable
        popoverProps={{ withinPortal: true }}
      />
    </FormDialog>
  );
}
