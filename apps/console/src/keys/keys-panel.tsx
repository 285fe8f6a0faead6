import { Badge, Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { adminApi, bodyOf, type Wire } from '../api/admin-api.js';
import { formatTime } from '../format/time.js';
import { formatNanoUsd } from '../format/usd.js';
import { PagedTable, type Column } from '../list/paged-table.js';
import { useCanWrite } from '../session/session-context.js';
import { CreateKeyDialog } from './create-key-dialog.js';
import { RevokeKeyDialog } from './revoke-key-dialog.js';
import { RotateKeyDialog } from './rotate-key-dialog.js';

type Key = Wire['Key'];
type Doing = { readonly what: 'create' } | { readonly what: 'rotate' | 'revoke'; readonly key: Key };

const COLORS = { active: '#1f6f30', expired: 'gray.7', revoked: 'red.9' } as const;

const facts: readonly Column<Key>[] = [
  { title: 'Name', cell: ({ name }) => name ?? '–' },
  {
    title: 'Id',
    cell: ({ id }) => (
      <Text ff="monospace" size="sm" component="span">
        {id}
      </Text>
    ),
  },
  {
    title: 'Status',
    cell: ({ status }) => (
      <Badge variant="filled" color={COLORS[status]}>
        {status}
      </Badge>
    ),
  },
  { title: 'Agent', cell: ({ agent_id }) => agent_id ?? 'any' },
  {
    title: 'Budget a month',
    isNumber: true,
    cell: ({ budget_nano_usd }) =>
      budget_nano_usd === null ? 'none of its own' : formatNanoUsd(budget_nano_usd),
  },
  { title: 'Expires', cell: ({ expires_at }) => (expires_at === null ? 'never' : formatTime(expires_at)) },
  { title: 'Created', cell: ({ created_at }) => formatTime(created_at) },
];

/** The keys of a tenant. */
export function KeysPanel({ tenantId }: { readonly tenantId: string }): ReactElement {
  const canWrite = useCanWrite();
  const queryClient = useQueryClient();
  const [doing, setDoing] = useState<Doing>();
  const close = (): void => {
    setDoing(undefined);
    void queryClient.invalidateQueries({ queryKey: ['keys', tenantId] });
  };
  const actions: Column<Key> = {
    title: 'Actions',
    cell: (key) =>
      key.status === 'active' && (
        <Group gap="xs" wrap="nowrap">
          {(['rotate', 'revoke'] as const).map((what) => (
            <Button
              key={what}
              size="xs"
              variant="default"
              aria-label={`${what} the key ${key.name ?? key.id}`}
              onClick={() => setDoing({ what, key })}
            >
              {what === 'rotate' ? 'Rotate' : 'Revoke'}
            </Button>
          ))}
        </Group>
      ),
  };
  return (
    <>
      {canWrite && (
        <Button mb="md" onClick={() => setDoing({ what: 'create' })}>
          Create a key
        </Button>
      )}
      <PagedTable
        caption={`Keys of ${tenantId}`}
        columns={canWrite ? [...facts, actions] : facts}
        rowKey={({ id }) => id}
        queryKey={['keys', tenantId]}
        fetchPage={(cursor) =>
          bodyOf(
            adminApi.GET('/admin/v1/tenants/{tenant_id}/keys', {
              params: { path: { tenant_id: tenantId }, query: { cursor, limit: '25' } },
            }),
          )
        }
        emptyText="This tenant has no key yet, so that it cannot call any model."
      />
      {doing?.what === 'create' && <CreateKeyDialog tenantId={tenantId} onClose={close} />}
      {doing?.what === 'rotate' && <RotateKeyDialog listed={doing.key} onClose={close} />}
      {doing?.what === 'revoke' && <RevokeKeyDialog listed={doing.key} onClose={close} />}
    </>
  );
}
