import { formatUsd } from '@tollgate/domain';
import { inChunks } from '../export/chunks.js';
import { csvLine, type Cell } from '../export/csv.js';
import type { UsageQuery } from './usage-query.js';
import type { UsageReader } from './usage-reader.js';
import { MEASURES, type UsageRow } from './usage-row.js';

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function cellsOf(row: UsageRow): [name: string, cell: Cell][] {
  return [
    ...(row.bucketMs === undefined
      ? []
      : [['bucket', new Date(row.bucketMs).toISOString()] as [string, Cell]]),
    ...Object.entries(row.group).map(([name, value]) => [snake(name), value] as [string, Cell]),
    ...MEASURES.map(([field, column]) => [column, row[field]] as [string, Cell]),
    ['cost_usd', formatUsd(row.costNanoUsd)],
  ];
}

const headingsOf = ({ bucket, groupBy = [] }: UsageQuery): string[] => [
  ...(bucket ? ['bucket'] : []),
  ...groupBy.map(snake),
  ...MEASURES.map(([, column]) => column),
  'cost_usd',
];

async function* csvLines(reader: UsageReader, query: UsageQuery): AsyncGenerator<string, void, undefined> {
  const rows = reader.stream(query);
  let isFirst = true;
  for await (const row of rows) {
    // Only now: a query that is refused writes nothing.
    if (isFirst) yield csvLine(headingsOf(query));
    isFirst = false;
    yield csvLine(cellsOf(row).map(([, cell]) => cell));
  }
  if (isFirst) yield csvLine(headingsOf(query));
}

async function* jsonLines(reader: UsageReader, query: UsageQuery): AsyncGenerator<string, void, undefined> {
  for await (const row of reader.stream(query)) yield `${JSON.stringify(Object.fromEntries(cellsOf(row)))}\n`;
}

/**
 * Usage as CSV, in chunks of text: a line of headings, then a line a row. Times are RFC 3339, money stands in nano-USD and in
 * decimal dollars, an absent agent or task type is empty. Memory does not grow with the number of rows.
 * @throws BillingError `invalid_input`, before the first chunk
 */
export function exportUsageCsv(reader: UsageReader, query: UsageQuery): AsyncIterable<string> {
  return inChunks(csvLines(reader, query));
}

/**
 * Usage as JSON lines, in chunks of text: an object a row with the headings of the CSV as names; null where that is empty.
 * @throws BillingError `invalid_input`, before the first chunk
 */
export function exportUsageJsonLines(reader: UsageReader, query: UsageQuery): AsyncIterable<string> {
  return inChunks(jsonLines(reader, query));
}
