import { Alert, Code, List, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { AnswerOf } from '../api/admin-api.js';
import { DataTable, type Column } from '../list/paged-table.js';

type Change = AnswerOf<'replacePolicy'>['changes'][number];

const show = (value: unknown): ReactElement => (
  <Code>{value == null ? 'default' : JSON.stringify(value)}</Code>
);

const columns: readonly Column<Change>[] = [
  { title: 'Setting', cell: ({ setting }) => setting },
  { title: 'Now', cell: ({ before }) => show(before) },
  { title: 'Afterwards', cell: ({ after }) => show(after) },
];

/** What a change of a policy would do, before it is done. */
export function PolicyDifference({ change }: { readonly change: AnswerOf<'replacePolicy'> }): ReactElement {
  return (
    <section aria-label="What would change">
      {change.changes.length === 0 ? (
        <Text>Nothing would change.</Text>
      ) : (
        <DataTable
          caption="What would change"
          columns={columns}
          rows={change.changes}
          rowKey={({ setting }) => setting}
        />
      )}
      {change.warnings.length > 0 && (
        <Alert color="yellow" variant="outline" title="No call could use this" mt="sm">
          <List size="sm">
            {change.warnings.map(({ setting, problem }) => (
              <List.Item key={`${setting} ${problem}`}>
                {setting}: {problem}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </section>
  );
}
