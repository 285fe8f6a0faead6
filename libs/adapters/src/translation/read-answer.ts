import { TollgateError } from '@tollgate/domain';
import { z } from 'zod';

/** The error for an answer that is not what the wire promises; not a word of the answer goes into it. */
export function invalidAnswer(): TollgateError {
  return new TollgateError(
    'upstream_invalid_response',
    'The model provider sent something that cannot be translated.',
  );
}

/** Blocks and deltas that are left out: only tools that run at Anthropic make them, and no chat request can ask for one. */
export function otherThan(...types: readonly string[]): z.ZodType<{ readonly type: 'other' }> {
  return z
    .object({ type: z.string().refine((type) => !types.includes(type)) })
    .transform(() => ({ type: 'other' as const }));
}

/**
 * Reads an answer, or an event of one, as far as it is translated.
 * @throws TollgateError `upstream_invalid_response`
 */
export function readAnswer<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw invalidAnswer();
}
