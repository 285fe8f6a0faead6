import { z } from 'zod';
import { defineOperation } from '../operation.js';
import { plainText, time, timeInput } from '../wire/members.js';
import { amountAnswer } from '../wire/money.js';
import { pageOf, pageQuery } from '../wire/page.js';

const tag = 'usage';
const HOUR_MS = 3_600_000;
const MAX_VALUES = 100;

/** What usage is grouped and filtered by, as the wire names it. */
export const USAGE_DIMENSIONS = [
  'tenant_id',
  'agent_id',
  'key_id',
  'model',
  'model_provider',
  'status',
  'task_type',
] as const;

/** One of them. */
export type UsageDimension = (typeof USAGE_DIMENSIONS)[number];

const hour = timeInput
  .refine((text) => Date.parse(text) % HOUR_MS === 0, 'must be a whole hour in UTC')
  .optional();

/** A value that is wanted, or several; an empty one stands for none: calls without an agent, say. */
const wanted = z
  .union([plainText, z.array(plainText).min(1).max(MAX_VALUES)])
  .optional()
  .meta({ description: 'Repeat it for any of several; empty: calls that have none.' });

const dimensions = z.enum(USAGE_DIMENSIONS, {
  error: `must be names out of ${USAGE_DIMENSIONS.join(', ')}`,
});

const groupBy = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(dimensions).refine((list) => new Set(list).size === list.length, 'must name each once'))
  .optional()
  .meta({ description: `Names out of ${USAGE_DIMENSIONS.join(', ')}, separated by commas.` });

const question = {
  from: hour.meta({ description: 'The first hour. Default: the beginning of this calendar month (UTC).' }),
  to: hour.meta({ description: 'The hour after the last. Default: the end of this hour.' }),
  bucket: z.enum(['hour', 'day', 'month']).optional(),
  group_by: groupBy,
  tenant_id: wanted,
  agent_id: wanted,
  key_id: wanted,
  model: wanted,
  model_provider: wanted,
  status: wanted,
  task_type: wanted,
};

const key = z.string().nullable().optional();

/** What was used, in one bucket by one value of each dimension that was asked for; others are absent. */
export const usageAnswer = z.strictObject({
  bucket: time.optional(),
  tenant_id: key,
  agent_id: key,
  key_id: key,
  model: key,
  model_provider: key,
  status: key,
  task_type: key,
  calls: z.int().meta({ description: 'Requests that ended there.' }),
  tries: z.int().meta({ description: 'Upstream calls, failed tries included.' }),
  input_tokens: z.int(),
  cached_input_tokens: z.int(),
  cache_write_tokens: z.int(),
  input_audio_tokens: z.int(),
  output_tokens: z.int(),
  output_audio_tokens: z.int(),
  ...amountAnswer('cost'),
});

/** Everything about what was used. */
export const usageOperations = {
  read: defineOperation({
    id: 'readUsage',
    tag,
    summary: 'Say what was used, exactly as the ledger says at this moment',
    description:
      'By time bucket and any dimensions, in the order of these keys. Without bucket and dimensions it is one row; what was not used has no row.',
    method: 'GET',
    path: '/usage',
    query: z.strictObject({ ...question, ...pageQuery }),
    answer: pageOf(usageAnswer),
  }),
  export: defineOperation({
    id: 'exportUsage',
    tag,
    summary: 'Stream what was used, of any size, as of one moment',
    description:
      'CSV has a line of headings and is safe to open in a spreadsheet; JSON lines have an object a line. An answer that ends without the last chunk of its transfer encoding is incomplete. At most four at once: 503 beyond.',
    method: 'GET',
    path: '/usage/export',
    query: z.strictObject({ ...question, format: z.enum(['csv', 'jsonl']) }),
    answer: z.string(),
    media: ['text/csv', 'application/x-ndjson'],
  }),
};
