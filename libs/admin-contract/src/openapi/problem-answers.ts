import { ERROR_CATALOGUE, type ErrorCode } from '@tollgate/domain';
import { z } from 'zod';
import { isRepeatable, type Operation } from '../operation.js';

/** A problem of RFC 9457, as every refused request gets it. */
export const problem = z
  .looseObject({
    type: z.string().meta({ description: '`urn:tollgate:error:` and the code.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable; docs/errors.md lists them all.' }),
    request_id: z.string(),
    errors: z
      .array(z.strictObject({ path: z.string(), problem: z.string() }))
      .optional()
      .meta({ description: 'Every member of the request that is not legal.' }),
  })
  .meta({ description: 'What went wrong.' });

/** What can go wrong with any request. */
const ALWAYS: readonly ErrorCode[] = [
  'invalid_request',
  'invalid_operator_token',
  'role_not_allowed',
  'too_many_logins',
  'issuer_unavailable',
  'database_unavailable',
  'draining',
  'internal_error',
];
const WITH_BODY: readonly ErrorCode[] = ['invalid_json', 'body_too_large', 'unsupported_media_type'];

function codesOf(operation: Operation): ErrorCode[] {
  return [
    ...ALWAYS,
    ...(operation.body ? WITH_BODY : []),
    ...(operation.changesEdition
      ? (['invalid_header', 'precondition_required', 'precondition_failed'] as const)
      : []),
    ...(isRepeatable(operation) ? (['idempotency_key_required', 'idempotency_key_reused'] as const) : []),
    ...(operation.method !== 'GET' && !operation.isOpen ? (['csrf_token_invalid'] as const) : []),
    ...operation.errors,
  ];
}

/** The answers to what can go wrong, by status: each names its codes. */
export function problemAnswers(operation: Operation): Record<string, object> {
  const byStatus = Map.groupBy(codesOf(operation), (code) => ERROR_CATALOGUE[code].status);
  return Object.fromEntries(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, codes]) => [
        status,
        {
          description: codes.map((code) => `\`${code}\`: ${ERROR_CATALOGUE[code].meaning}`).join('\n\n'),
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      ]),
  );
}
