import { TollgateError } from '@tollgate/domain';
import type { z } from 'zod';

/**
 * Reads the parameters of a request.
 * @throws TollgateError `invalid_request`
 */
export function parseQuery<T extends z.ZodType>(schema: T, query: unknown): z.output<T> {
  const { success, data, error } = schema.safeParse(query);
  if (success) return data;
  const issue = error.issues[0];
  const isUnknown = issue?.code === 'unrecognized_keys';
  const param = String((isUnknown ? issue.keys[0] : issue?.path[0]) ?? '');
  const rule = isUnknown ? 'there is no such parameter' : (issue?.message ?? 'is not legal');
  throw new TollgateError('invalid_request', `${param.slice(0, 100)}: ${rule}.`, {
    param: param.slice(0, 100),
  });
}
