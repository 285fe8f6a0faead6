import { Alert, Button, Modal, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { adminApi, bodyOf } from '../api/admin-api.js';
import { formatCount } from '../format/quantity.js';
import { ProblemAlert } from '../problem/problem-alert.js';

/** Goes through the whole chain, and says whether it is intact. */
export function AuditVerdict(): ReactElement {
  const look = useMutation({ mutationFn: () => bodyOf(adminApi.GET('/admin/v1/audit/verify')) });
  const verdict = look.data;
  return (
    <>
      <Button variant="default" loading={look.isPending} onClick={() => look.mutate()}>
        Verify
      </Button>
      <Modal
        opened={look.isSuccess || look.isError}
        onClose={() => look.reset()}
        title="The chain of the audit"
      >
        {look.error && <ProblemAlert error={look.error} />}
        {verdict && (
          <Alert
            variant="outline"
            color={verdict.is_intact ? 'green' : 'red'}
            title={verdict.is_intact ? 'The audit is intact' : 'The audit was tampered with'}
          >
            <Text size="sm">
              {formatCount(verdict.entries, 'entries')}
              {verdict.fault && `; entry ${verdict.fault.seq} is ${verdict.fault.kind}`}.
            </Text>
            <Text size="xs" ff="monospace">
              {verdict.head_hash}
            </Text>
          </Alert>
        )}
      </Modal>
    </>
  );
}
