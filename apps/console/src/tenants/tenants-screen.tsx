import { Anchor, Badge, Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState, type ReactElement } from 'react';
import { Link } from 'react-router';
import { adminApi, bodyOf, type Wire } from '../api/admin-api.js';
import { formatTime } from '../format/time.js';
import { formatNanoUsd } from '../format/usd.js';
import { ScreenTitle } from '../layout/screen-title.js';
import { PagedTable, type Column } from '../list/paged-table.js';
import { useCanWrite } from '../session/session-context.js';
import { CreateTenantDialog } from './create-tenant-dialog.js';

const columns: readonly Column<Wire['Tenant']>[] = [
  {
    title: 'Tenant',
    cell: ({ id }) => (
      <Anchor component={Link} to={`/tenants/${id}`} underline="always">
        {id}
      </Anchor>
    ),
  },
  {
    title: 'Status',
    cell: ({ status }) => (
      <Badge variant="filled" color={status === 'active' ? '#1f6f30' : 'red.9'}>
        {status}
      </Badge>
    ),
  },
  {
    title: 'Budget a month',
    isNumber: true,
    cell: ({ budget_nano_usd }) => (budget_nano_usd === null ? 'default' : formatNanoUsd(budget_nano_usd)),
  },
  { title: 'Default model', cell: ({ default_model }) => default_model ?? 'default' },
  { title: 'Changed', cell: ({ updated_at }) => formatTime(updated_at) },
];

/** All tenants, to be searched and added to. */
export function TenantsScreen(): ReactElement {
  const canWrite = useCanWrite();
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search.trim(), 250);
  const [isCreating, setCreating] = useState(false);
  return (
    <>
      <ScreenTitle title="Tenants">
        {canWrite && <Button onClick={() => setCreating(true)}>Create a tenant</Button>}
      </ScreenTitle>
      <TextInput
        label="Search"
        placeholder="A part of the id"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        mb="md"
        maw={360}
      />
      <PagedTable
        caption="Tenants"
        columns={columns}
        rowKey={({ id }) => id}
        queryKey={['tenants', wanted]}
        fetchPage={(cursor) =>
          bodyOf(
            adminApi.GET('/admin/v1/tenants', {
              params: { query: { cursor, limit: '25', ...(wanted ? { search: wanted } : {}) } },
            }),
          )
        }
        emptyText={wanted ? 'No tenant has this in its id.' : 'There is no tenant yet.'}
      />
      {isCreating && <CreateTenantDialog onClose={() => setCreating(false)} />}
    </>
  );
}
