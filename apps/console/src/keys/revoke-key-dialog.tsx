import { Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { adminApi, bodyOf, type Wire } from '../api/admin-api.js';
import { useOnceHeader } from '../api/once-header.js';
import { FormDialog } from '../layout/form-dialog.js';
import { ChangeAlert } from '../problem/change-alert.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { useKeyEdition } from './key-edition.js';

/** Revokes a key for ever. */
export function RevokeKeyDialog({
  listed,
  onClose,
}: {
  readonly listed: Wire['Key'];
  readonly onClose: () => void;
}): ReactElement {
  const { tenant_id, id, name } = listed;
  const edition = useKeyEdition(listed);
  const etag = edition.data?.etag ?? '';
  const once = useOnceHeader(etag);
  const change = useMutation({
    mutationFn: () =>
      bodyOf(
        adminApi.POST('/admin/v1/tenants/{tenant_id}/keys/{key_id}/revoke', {
          params: { path: { tenant_id, key_id: id }, header: { ...once, 'If-Match': etag } },
        }),
      ),
    onSuccess: onClose,
  });
  const reload = (): void => {
    change.reset();
    edition.reload();
  };
  return (
    <FormDialog
      title={`Revoke the key ${name ?? id}?`}
      isOpen
      onClose={onClose}
      onSubmit={() => change.mutate()}
      submitText="Revoke"
      isBusy={change.isPending || edition.isFetching}
      isDangerous
    >
      {edition.error && <ProblemAlert error={edition.error} />}
      <ChangeAlert error={change.error} target={{ tenantId: tenant_id, id }} onReload={reload} />
      <Text>
        It is refused on every gateway within a second, for ever. To replace it without a gap, rotate it.
      </Text>
    </FormDialog>
  );
}
