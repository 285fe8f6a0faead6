import { Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { adminApi, bodyOf, type Edition, type Wire } from '../api/admin-api.js';
import { useOnceHeader } from '../api/once-header.js';
import { FormDialog } from '../layout/form-dialog.js';
import { ChangeAlert } from '../problem/change-alert.js';
import { useCanWrite } from '../session/session-context.js';

/** Suspends a tenant, or lets it go on, after a question. */
export function SuspensionButton({
  tenant,
}: {
  readonly tenant: Edition<Wire['Tenant']>;
}): ReactElement | null {
  const canWrite = useCanWrite();
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const { id, status } = tenant.value;
  const isActive = status === 'active';
  const header = { ...useOnceHeader([tenant.etag, status]), 'If-Match': tenant.etag };
  const change = useMutation({
    mutationFn: () => {
      const request = { params: { path: { tenant_id: id }, header } };
      return isActive
        ? bodyOf(adminApi.POST('/admin/v1/tenants/{tenant_id}/suspend', request))
        : bodyOf(adminApi.POST('/admin/v1/tenants/{tenant_id}/resume', request));
    },
    onSuccess: () => reload(),
  });
  const reload = (): void => {
    setAsking(false);
    change.reset();
    void queryClient.invalidateQueries({ queryKey: ['tenant', id] });
    void queryClient.invalidateQueries({ queryKey: ['tenants'] });
  };
  if (!canWrite) return null;
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {isActive ? 'Suspend' : 'Resume'}
      </Button>
      <FormDialog
        title={isActive ? `Suspend ${id}?` : `Resume ${id}?`}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onSubmit={() => change.mutate()}
        submitText={isActive ? 'Suspend' : 'Resume'}
        isBusy={change.isPending}
        isDangerous={isActive}
      >
        <ChangeAlert error={change.error} target={{ tenantId: id, id }} onReload={reload} />
        <Text>
          {isActive
            ? 'Its keys are refused within a second, until it is resumed. Nothing is deleted.'
            : 'Its keys work again within a second.'}
        </Text>
      </FormDialog>
    </>
  );
}
