import { CHECKPOINT_STATUSES } from '@tollgate/stores';
import { z } from 'zod';

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 100;

const count = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'must be a whole number from 1')
  .transform(Number)
  .pipe(z.int());
const time = z.iso
  .datetime({ offset: true, error: 'must be a date and time with its zone, in ISO 8601' })
  .transform((text) => new Date(text));

/** The parameters of a GET of one checkpoint. */
export const getQuery = z.strictObject({
  version: count.optional().meta({ description: 'A version that is kept. Absent: the latest.' }),
});

/** The parameters of a PUT. */
export const putQuery = z.strictObject({
  recreate: z
    .enum(['true', 'false'])
    .default('false')
    .transform((word) => word === 'true')
    .meta({ description: 'Whether a deleted run begins anew, above its last version.' }),
});

/** The parameters of a DELETE. */
export const deleteQuery = z.strictObject({});

/** The parameters of a list. */
export const listQuery = z.strictObject({
  agent_id: z.string().max(128).optional(),
  status: z.enum(CHECKPOINT_STATUSES).optional(),
  created_after: time.optional().meta({ description: 'Inclusive.' }),
  created_before: time.optional().meta({ description: 'Exclusive.' }),
  cursor: z.string().max(1000).optional().meta({ description: 'The `next_cursor` of the page before.' }),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, `must be 1 to ${MAX_LIMIT}`)
    .transform(Number)
    .pipe(z.int().max(MAX_LIMIT, `must be 1 to ${MAX_LIMIT}`))
    .default(DEFAULT_LIMIT),
});
