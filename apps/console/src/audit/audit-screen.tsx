import { Button, TextInput } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { useDebouncedValue } from '@mantine/hooks';
import { useState, type ReactElement } from 'react';
import { adminApi, bodyOf, type Wire } from '../api/admin-api.js';
import { formatTime, toWireTime } from '../format/time.js';
import { ScreenTitle } from '../layout/screen-title.js';
import { PagedTable, type Column } from '../list/paged-table.js';
import { AuditEntryDialog } from './audit-entry-dialog.js';
import { AuditVerdict } from './audit-verdict.js';
import classes from './audit.module.css';

type Entry = Wire['AuditEntry'];

const FILTERS = [
  ['tenant_id', 'Tenant'],
  ['actor', 'Operator'],
  ['action', 'Action'],
  ['target_id', 'What was changed (id)'],
] as const;

const facts: readonly Column<Entry>[] = [
  { title: 'Time', cell: ({ at }) => formatTime(at) },
  { title: 'Operator', cell: ({ actor }) => actor },
  { title: 'Action', cell: ({ action }) => action },
  { title: 'On', cell: ({ target_type, target_id }) => `${target_type} ${target_id}` },
  { title: 'Tenant', cell: ({ tenant_id }) => tenant_id ?? '–' },
];

/** Who changed what, latest first. */
export function AuditScreen(): ReactElement {
  const [filter, setFilter] = useState<Readonly<Record<string, string>>>({});
  const [since, setSince] = useState<string | null>(null);
  const [until, setUntil] = useState<string | null>(null);
  const [shown, setShown] = useState<Entry>();
  const [settled] = useDebouncedValue(filter, 250);
  const query = {
    ...Object.fromEntries(Object.entries(settled).filter(([, text]) => text !== '')),
    ...(since === null ? {} : { since: toWireTime(since) }),
    ...(until === null ? {} : { until: toWireTime(until) }),
  };
  const look: Column<Entry> = {
    title: 'Details',
    cell: (entry) => (
      <Button
        size="xs"
        variant="default"
        aria-label={`Show entry ${entry.seq}`}
        onClick={() => setShown(entry)}
      >
        Show
      </Button>
    ),
  };
  return (
    <>
      <ScreenTitle title="Audit">
        <AuditVerdict />
      </ScreenTitle>
      <div className={classes.filters}>
        {FILTERS.map(([name, label]) => (
          <TextInput
            key={name}
            label={label}
            value={filter[name] ?? ''}
            onChange={(event) => setFilter({ ...filter, [name]: event.currentTarget.value })}
          />
        ))}
        <DateTimePicker label="From (UTC)" value={since} onChange={setSince} clearable />
        <DateTimePicker label="Before (UTC)" value={until} onChange={setUntil} clearable />
      </div>
      <PagedTable
        caption="Changes"
        columns={[...facts, look]}
        rowKey={({ seq }) => String(seq)}
        queryKey={['audit', query]}
        fetchPage={(cursor) =>
          bodyOf(adminApi.GET('/admin/v1/audit', { params: { query: { ...query, cursor, limit: '25' } } }))
        }
        emptyText="No change fits."
      />
      {shown && <AuditEntryDialog entry={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}
