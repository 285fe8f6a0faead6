import { toSafeInteger } from '../safe-integer.js';
import { MEASURE_COLUMNS } from '../rollups/rollup-columns.js';
import { DIMENSIONS, type Dimension } from './usage-query.js';

/** Usage of one bucket and one value of each dimension that was asked for. */
export interface UsageRow {
  /** The first instant of the bucket, ms since the epoch; undefined without buckets. */
  readonly bucketMs: number | undefined;
  /** By the dimensions in the order asked; null: calls without an agent or a task type. */
  readonly group: Readonly<Partial<Record<Dimension, string | null>>>;
  /** Requests that ended there. */
  readonly calls: number;
  /** Upstream calls, the failed tries before an end included. */
  readonly tries: number;
  /** Whole prompts, the parts below included. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly inputAudioTokens: number;
  /** All that was generated, audio included. */
  readonly outputTokens: number;
  readonly outputAudioTokens: number;
  readonly costNanoUsd: number;
}

/** What a usage row counts. */
export type Measure = Exclude<keyof UsageRow, 'bucketMs' | 'group'>;

const toField = (column: string): Measure =>
  column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as Measure;

/** What a usage row counts, in the order of exports, with the columns of the rollups. */
export const MEASURES = MEASURE_COLUMNS.map((column) => [toField(column), column] as const);

/** A row as Postgres answers it; bigints are text. */
export type RawRow = Readonly<Record<string, unknown>>;

/**
 * Reads a row of `usageSql`.
 * @throws RangeError when a sum is too large to be exact
 */
export function toUsageRow(raw: RawRow, groupBy: readonly Dimension[]): UsageRow {
  const valueOf = (dimension: Dimension): string | null => {
    const text = String(raw[DIMENSIONS[dimension]]);
    return text === '' ? null : text;
  };
  const measures = MEASURES.map(([field, column]) => [field, toSafeInteger(raw[column])] as const);
  return {
    bucketMs: raw['bucket'] === undefined ? undefined : (raw['bucket'] as Date).getTime(),
    group: Object.fromEntries(groupBy.map((dimension) => [dimension, valueOf(dimension)])),
    ...(Object.fromEntries(measures) as Record<Measure, number>),
  };
}
