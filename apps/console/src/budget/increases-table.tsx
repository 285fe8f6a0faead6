import { Badge, Button, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { adminApi, bodyOf, type Wire } from '../api/admin-api.js';
import { useOnceHeader } from '../api/once-header.js';
import { formatTime } from '../format/time.js';
import { formatNanoUsd } from '../format/usd.js';
import { FormDialog } from '../layout/form-dialog.js';
import { PagedTable, type Column } from '../list/paged-table.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { useCanWrite } from '../session/session-context.js';

type Increase = Wire['BudgetIncrease'];

const facts: readonly Column<Increase>[] = [
  { title: 'Amount', isNumber: true, cell: ({ amount_nano_usd }) => formatNanoUsd(amount_nano_usd) },
  {
    title: 'Of',
    cell: ({ agent_id, key_id }) =>
      agent_id !== null ? `agent ${agent_id}` : key_id !== null ? `key ${key_id}` : 'the tenant',
  },
  {
    title: 'Status',
    cell: ({ status }) => (
      <Badge variant="filled" color={status === 'active' ? '#1f6f30' : 'gray.7'}>
        {status}
      </Badge>
    ),
  },
  { title: 'From', cell: ({ starts_at }) => formatTime(starts_at) },
  { title: 'Until', cell: ({ ends_at }) => formatTime(ends_at) },
  { title: 'Reason', cell: ({ reason }) => reason },
  { title: 'By', cell: ({ created_by }) => created_by },
];

/** The budgets of a tenant that are, were or will be higher for a while. */
export function IncreasesTable({ tenantId }: { readonly tenantId: string }): ReactElement {
  const canWrite = useCanWrite();
  const [asked, setAsked] = useState<Increase>();
  const actions: Column<Increase> = {
    title: 'Actions',
    cell: (increase) =>
      (increase.status === 'active' || increase.status === 'scheduled') && (
        <Button size="xs" variant="default" onClick={() => setAsked(increase)}>
          Take back
        </Button>
      ),
  };
  return (
    <section aria-label="Temporary increases">
      <Title order={2} size="h4" mb="xs">
        Temporary increases
      </Title>
      <PagedTable
        caption="Temporary increases"
        columns={canWrite ? [...facts, actions] : facts}
        rowKey={({ id }) => id}
        queryKey={['increases', tenantId]}
        fetchPage={(cursor) =>
          bodyOf(
            adminApi.GET('/admin/v1/tenants/{tenant_id}/budget/increases', {
              params: { path: { tenant_id: tenantId }, query: { cursor, limit: '25' } },
            }),
          )
        }
        emptyText="There is none."
      />
      {asked && <CancelDialog increase={asked} onClose={() => setAsked(undefined)} />}
    </section>
  );
}

function CancelDialog({
  increase,
  onClose,
}: {
  readonly increase: Increase;
  readonly onClose: () => void;
}): ReactElement {
  const queryClient = useQueryClient();
  const { tenant_id, id } = increase;
  const header = useOnceHeader(id);
  const change = useMutation({
    mutationFn: () =>
      bodyOf(
        adminApi.POST('/admin/v1/tenants/{tenant_id}/budget/increases/{increase_id}/cancel', {
          params: { path: { tenant_id, increase_id: id }, header },
        }),
      ),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['increases', tenant_id] });
      void queryClient.invalidateQueries({ queryKey: ['budget', tenant_id] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Take back the increase by ${formatNanoUsd(increase.amount_nano_usd)}?`}
      isOpen
      onClose={onClose}
      onSubmit={() => change.mutate()}
      submitText="Take back"
      isBusy={change.isPending}
      isDangerous
    >
      {change.error && <ProblemAlert error={change.error} />}
    </FormDialog>
  );
}
