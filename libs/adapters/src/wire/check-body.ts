import { TollgateError } from '@tollgate/domain';
import type { z } from 'zod';

/**
 * A request body as far as a schema reads it.
 * @throws TollgateError `invalid_request`; `param` is the dotted path of the first parameter that is wrong, no value is quoted
 */
export function checkBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const param = issue?.path.join('.') ?? '';
  throw new TollgateError(
    'invalid_request',
    `Invalid value for '${param}': ${issue?.message ?? 'not legal'}.`,
    { param },
  );
}
