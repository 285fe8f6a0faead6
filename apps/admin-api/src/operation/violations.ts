import { TollgateError, type Violation } from '@tollgate/domain';
import type { z } from 'zod';

const MAX_VIOLATIONS = 100;

/** What a schema says against a value: the place and the rule, never the value. */
export function toViolations(issues: readonly z.core.$ZodIssue[]): Violation[] {
  return issues
    .flatMap((issue) => {
      const path = issue.path.map(String);
      if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), problem: issue.message }];
      // A name is the client's own text: printed, it may not bring lines of its own into a log.
      return issue.keys.map((key) => ({
        path: [...path, printable(key)].join('.'),
        problem: 'is not known here',
      }));
    })
    .slice(0, MAX_VIOLATIONS);
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);

/**
 * Reads a part of a request by its schema.
 * @throws TollgateError `invalid_request` with every violation
 */
export function parsePart<T extends z.ZodType>(schema: T, value: unknown, part: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TollgateError(
    'invalid_request',
    `The ${part} is not legal; errors names every member at fault.`,
    {
      violations: toViolations(parsed.error.issues),
    },
  );
}
