import type { Pool } from 'pg';
import { parseInput } from '../parse-input.js';
import { readWatermark } from '../rollups/watermark.js';
import { decodeCursor, encodeCursor } from './usage-cursor.js';
import { usagePageQuery, usageQuery, type UsagePageQuery, type UsageQuery } from './usage-query.js';
import { toUsageRow, type RawRow, type UsageRow } from './usage-row.js';
import { streamRows } from './stream-rows.js';
import { keyColumns, usageSql, type ParsedUsageQuery } from './usage.sql.js';

/** A part of a usage report, in the order of its keys. */
export interface UsagePage {
  readonly rows: readonly UsageRow[];
  /** The `cursor` of the next page; undefined on the last one. */
  readonly nextCursor: string | undefined;
}

const keysOf = (row: UsageRow, query: ParsedUsageQuery): (string | number)[] => [
  ...(row.bucketMs === undefined ? [] : [row.bucketMs]),
  ...query.groupBy.map((dimension) => row.group[dimension] ?? ''),
];

/**
 * Answers what was used, exactly as the ledger says at that moment: rolled-up hours and days where nothing has changed
 * since, and the ledger's own rows elsewhere. As in `Ledger.readUsage`, a call counts where it ended, and there are no
 * rows for what was only tried and cost nothing.
 */
export class UsageReader {
  constructor(private readonly options: { readonly pool: Pool }) {}

  /**
   * One page. Pages are answers of different moments: a row that comes to be in between may be missed or seen, none twice.
   * @throws BillingError `invalid_input`
   */
  async readPage(input: UsagePageQuery): Promise<UsagePage> {
    const { limit, cursor, ...query } = parseInput(usagePageQuery, input);
    const keys = keyColumns(query);
    const after =
      cursor === undefined || keys.length === 0
        ? undefined
        : decodeCursor(cursor, keys.length).map((value, i) =>
            keys[i] === 'bucket' ? new Date(Number(value)) : String(value),
          );
    const { pool } = this.options;
    const { text, values } = usageSql(query, await readWatermark(pool), after);
    const { rows: raw } = await pool.query<RawRow>(`${text} LIMIT ${limit + 1}`, [...values]);
    const rows = raw.slice(0, limit).map((row) => toUsageRow(row, query.groupBy));
    const last = rows.at(-1);
    return { rows, nextCursor: raw.length > limit && last ? encodeCursor(keysOf(last, query)) : undefined };
  }

  /**
   * All rows of one moment, as they are asked for: memory does not grow with their number. It keeps a connection until it
   * is read to its end or left.
   * @throws BillingError `invalid_input`, before the first row
   */
  async *stream(input: UsageQuery): AsyncGenerator<UsageRow, void, undefined> {
    const query = parseInput(usageQuery, input);
    const build = (watermark: string) => usageSql(query, watermark);
    for await (const batch of streamRows(this.options.pool, build))
      for (const row of batch) yield toUsageRow(row, query.groupBy);
  }
}
