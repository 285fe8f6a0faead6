import { z } from 'zod';

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 100;

/** Which part of a list is wanted. */
export const pageQuery = {
  cursor: z
    .string()
    .max(1000)
    .optional()
    .meta({ description: 'The `next_cursor` of the page before. Absent: the first page.' }),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, `must be 1 to ${MAX_LIMIT}`)
    .transform(Number)
    .pipe(z.int().max(MAX_LIMIT, `must be 1 to ${MAX_LIMIT}`))
    .optional()
    .transform((limit) => limit ?? DEFAULT_LIMIT)
    .meta({ description: `1 to ${MAX_LIMIT}; ${DEFAULT_LIMIT} unless it is given.` }),
};

/** A page of a list. */
export function pageOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ data: z.ZodArray<T>; next_cursor: z.ZodNullable<z.ZodString> }, z.core.$strict> {
  return z.strictObject({
    data: z.array(item),
    next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
  });
}
