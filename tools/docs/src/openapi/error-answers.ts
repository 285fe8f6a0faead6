import { ERROR_CATALOGUE, type ErrorCode } from '@tollgate/domain';
import { z } from 'zod';

/** OpenAI's error envelope, as every route but Anthropic's answers it. */
export const errorEnvelope = z
  .object({
    error: z.looseObject({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().meta({ description: 'Stable; docs/errors.md lists them all.' }),
    }),
  })
  .meta({ description: 'What went wrong; facts of a limit or a conflict stand beside the code.' });

/** What can go wrong with any request. */
const ALWAYS: readonly ErrorCode[] = [
  'ambiguous_credentials',
  'invalid_api_key',
  'tenant_settings_unavailable',
  'checkpoint_store_unavailable',
  'internal_error',
];

/** The answers to what can go wrong, by status: each names its codes. */
export function errorAnswers(codes: readonly ErrorCode[]): Record<string, object> {
  const byStatus = Map.groupBy([...ALWAYS, ...codes], (code) => ERROR_CATALOGUE[code].status);
  const answers = [...byStatus].toSorted(([a], [b]) => a - b);
  return Object.fromEntries(
    answers.map(([status, each]) => [
      status,
      {
        description: each.map((code) => `\`${code}\`: ${ERROR_CATALOGUE[code].meaning}`).join('\n\n'),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    ]),
  );
}
