import { z } from 'zod';
import { name, pageLimit, timeMs } from '../input-shapes.js';

const HOUR_MS = 3_600_000;

/** What usage can be grouped and filtered by, with the columns of the rollups. */
export const DIMENSIONS = {
  tenant: 'tenant_id',
  agent: 'agent_id',
  key: 'key_id',
  model: 'model',
  modelProvider: 'model_provider',
  status: 'status',
  taskType: 'task_type',
} as const;

/** One thing that usage can be grouped and filtered by. */
export type Dimension = keyof typeof DIMENSIONS;

const dimension = z.enum(Object.keys(DIMENSIONS) as [Dimension, ...Dimension[]]);
// null stands for calls that name no agent, or no task type.
const anyOf = z.array(name.nullable()).min(1).max(1000).optional();
const wholeHour = timeMs.refine((ms) => ms % HOUR_MS === 0, 'Must be a whole hour in UTC');

const range = z.strictObject({
  fromMs: wholeHour,
  toMs: wholeHour,
  bucket: z.enum(['hour', 'day', 'month']).optional(),
  groupBy: z
    .array(dimension)
    .refine((list) => new Set(list).size === list.length, 'Must name each once')
    .default([]),
  filters: z
    .strictObject({
      tenant: anyOf,
      agent: anyOf,
      key: anyOf,
      model: anyOf,
      modelProvider: anyOf,
      status: anyOf,
      taskType: anyOf,
    } satisfies Record<Dimension, unknown>)
    .default({}),
});

const hasLength = ({ fromMs, toMs }: { fromMs: number; toMs: number }): boolean => fromMs < toMs;
const LENGTH_RULE = { error: 'Must be after fromMs', path: ['toMs'] };

/** A question about usage. */
export const usageQuery = range.refine(hasLength, LENGTH_RULE);

/** A question about usage, and which part of the answer is wanted. */
export const usagePageQuery = range
  .extend({ limit: pageLimit, cursor: z.string().max(4000).optional() })
  .refine(hasLength, LENGTH_RULE);

/**
 * A question about usage: from an instant until before another, both whole hours in UTC (ms since the epoch), in buckets
 * (none: one for all), by dimensions in the order named. A filter keeps the rows with one of its values; null is for
 * calls without an agent or a task type. Without a tenant filter it is about all tenants.
 */
export type UsageQuery = z.input<typeof usageQuery>;

/** A question about usage with `limit` (100) and the `cursor` of the page before. */
export type UsagePageQuery = z.input<typeof usagePageQuery>;
