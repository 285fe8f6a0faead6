import { Modal, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Wire } from '../api/admin-api.js';
import { formatTime } from '../format/time.js';
import { DataTable, type Column } from '../list/paged-table.js';

interface Member {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

const show = (value: unknown): string => (value === undefined ? '–' : JSON.stringify(value));

const columns: readonly Column<Member>[] = [
  { title: 'Member', cell: ({ name }) => name },
  { title: 'Before', cell: ({ before }) => show(before) },
  { title: 'After', cell: ({ after }) => show(after) },
];

function changedMembers({ before, after }: Wire['AuditEntry']): Member[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names]
    .map((name) => ({ name, before: before?.[name], after: after?.[name] }))
    .filter((member) => show(member.before) !== show(member.after));
}

/** One entry of the audit with what it changed. */
export function AuditEntryDialog({
  entry,
  onClose,
}: {
  readonly entry: Wire['AuditEntry'];
  readonly onClose: () => void;
}): ReactElement {
  return (
    <Modal opened onClose={onClose} title={`Entry ${entry.seq}: ${entry.action}`} size="xl">
      <Stack gap="xs">
        <Text size="sm">
          {entry.actor}, {formatTime(entry.at)}, request {entry.request_id}
        </Text>
        <DataTable
          caption="Changed members"
          columns={columns}
          rows={changedMembers(entry)}
          rowKey={({ name }) => name}
        />
        <Text size="xs" c="dimmed" ff="monospace">
          {entry.hash}
        </Text>
      </Stack>
    </Modal>
  );
}
