import { Box, Button, Group, Loader, Skeleton, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { ProblemAlert } from '../problem/problem-alert.js';
import { useCursorTrail } from './cursor-trail.js';
import classes from './paged-table.module.css';

/** A column of a table. */
export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => ReactNode;
  readonly isNumber?: boolean;
}

interface Page<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

/** What a list of the API needs to be shown. */
export interface PagedTableProps<T> {
  /** What the list is of, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rowKey: (row: T) => string;
  /** Of the query; another one begins at the first page. */
  readonly queryKey: readonly unknown[];
  readonly fetchPage: (cursor: string | undefined) => Promise<Page<T>>;
  /** Said when there is nothing in it. */
  readonly emptyText: string;
}

/** A list of the API, paged by the server. What is shown stays until the next page is there. */
export function PagedTable<T>(props: PagedTableProps<T>): ReactElement {
  const { queryKey, fetchPage, emptyText, caption } = props;
  const trail = useCursorTrail(JSON.stringify(queryKey));
  const page = useQuery({
    queryKey: [...queryKey, trail.cursor],
    queryFn: () => fetchPage(trail.cursor),
    placeholderData: keepPreviousData,
  });
  const next = page.data?.next_cursor ?? undefined;
  if (page.error) return <ProblemAlert error={page.error} onRetry={() => void page.refetch()} />;
  if (page.data === undefined) return <Skeleton height={160} aria-label={`Loading ${caption}`} />;
  return (
    <Box aria-busy={page.isFetching}>
      {page.data.data.length === 0 ? (
        <Text c="dimmed">{emptyText}</Text>
      ) : (
        <DataTable {...props} rows={page.data.data} />
      )}
      {(trail.pageNumber > 1 || next !== undefined) && (
        <Group mt="sm" gap="xs">
          <Button variant="default" size="xs" disabled={trail.pageNumber === 1} onClick={() => trail.back()}>
            Previous page
          </Button>
          <Text size="sm">Page {trail.pageNumber}</Text>
          <Button
            variant="default"
            size="xs"
            disabled={next === undefined || page.isPlaceholderData}
            onClick={() => next !== undefined && trail.forward(next)}
          >
            Next page
          </Button>
          {page.isFetching && <Loader size="xs" aria-label="Loading" />}
        </Group>
      )}
    </Box>
  );
}

/** Rows in columns, which scroll sideways where there is little room. */
export function DataTable<T>({
  caption,
  columns,
  rowKey,
  rows,
}: Pick<PagedTableProps<T>, 'caption' | 'columns' | 'rowKey'> & {
  readonly rows: readonly T[];
}): ReactElement {
  return (
    <div className={classes.scroll} role="region" aria-label={caption} tabIndex={0}>
      <Table highlightOnHover verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ title, isNumber }) => (
              <Table.Th key={title} ta={isNumber ? 'right' : 'left'}>
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={rowKey(row)}>
              {columns.map(({ title, cell, isNumber }) => (
                <Table.Td
                  key={title}
                  ta={isNumber ? 'right' : 'left'}
                  className={isNumber ? classes.number : ''}
                >
                  {cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
