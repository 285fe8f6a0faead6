import type { z } from 'zod';
import { BillingError } from './billing-error.js';

/**
 * Checks what came from outside.
 * @throws BillingError `invalid_input`; `param` names the first input at fault
 */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  const param = [...(issue?.path ?? []), ...unknown].join('.');
  // The messages of the schemas name the rule, never the value.
  throw new BillingError(
    'invalid_input',
    `${param || 'The input'}: ${issue?.message ?? 'Not legal'}.`,
    param || undefined,
  );
}
