import { NumberInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { adminApi, bodyOf, type Wire } from '../api/admin-api.js';
import { useOnceHeader } from '../api/once-header.js';
import { FormDialog } from '../layout/form-dialog.js';
import { ChangeAlert } from '../problem/change-alert.js';
import { ProblemAlert } from '../problem/problem-alert.js';
import { useKeyEdition } from './key-edition.js';
import { SecretDialog } from './secret-dialog.js';

const HOUR_SECONDS = 3600;
const MAX_OVERLAP_HOURS = 720;

/** Makes a key like another, which goes on for a while. */
export function RotateKeyDialog({
  listed,
  onClose,
}: {
  readonly listed: Wire['Key'];
  readonly onClose: () => void;
}): ReactElement {
  const { tenant_id, id, name } = listed;
  const [hours, setHours] = useState<number | string>(24);
  const edition = useKeyEdition(listed);
  const etag = edition.data?.etag ?? '';
  const body = { overlap_seconds: Math.round(Number(hours) * HOUR_SECONDS) };
  const once = useOnceHeader([etag, body]);
  const change = useMutation({
    mutationFn: () =>
      bodyOf(
        adminApi.POST('/admin/v1/tenants/{tenant_id}/keys/{key_id}/rotate', {
          params: { path: { tenant_id, key_id: id }, header: { ...once, 'If-Match': etag } },
          body,
        }),
      ),
    gcTime: 0, // the secret is not kept
  });
  const reload = (): void => {
    change.reset();
    edition.reload();
  };
  if (change.data) return <SecretDialog secret={change.data.key.secret} onClose={onClose} />;
  return (
    <FormDialog
      title={`Rotate the key ${name ?? id}`}
      isOpen
      onClose={onClose}
      onSubmit={() => change.mutate()}
      submitText="Rotate"
      isBusy={change.isPending || edition.isFetching}
    >
      {edition.error && <ProblemAlert error={edition.error} />}
      <ChangeAlert error={change.error} target={{ tenantId: tenant_id, id }} onReload={reload} />
      <NumberInput
        label="Overlap (hours)"
        description="How long the old key goes on working. 0: it is revoked at once."
        value={hours}
        onChange={setHours}
        min={0}
        max={MAX_OVERLAP_HOURS}
        required
        data-autofocus
      />
    </FormDialog>
  );
}
