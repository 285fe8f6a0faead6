import { z } from 'zod';
import { ROLES, defineOperation } from '../operation.js';
import { time, timeInput } from '../wire/members.js';
import { pageOf, pageQuery } from '../wire/page.js';

const tag = 'operators';
const params = z.strictObject({
  token_id: z.string().regex(/^[0-9A-Za-z]{12}$/, 'must be the id of an operator token'),
});

/** A token that lets an operator in, without its secret. */
export const operatorTokenAnswer = z.strictObject({
  id: z.string().meta({ description: 'The public part of the token.' }),
  name: z.string(),
  role: z.enum(ROLES),
  status: z.enum(['active', 'expired', 'revoked']),
  created_by: z.string(),
  created_at: time,
  updated_at: time,
  expires_at: time.nullable(),
  revoked_at: time.nullable(),
  last_used_at: time.nullable().meta({ description: 'To the minute.' }),
});

/** Who is asking. */
export const operatorAnswer = z.strictObject({ id: z.string(), role: z.enum(ROLES) });

/** Everything about operators. */
export const operatorOperations = {
  readSelf: defineOperation({
    id: 'readSelf',
    tag,
    summary: 'Say who the token lets in, and with which role',
    method: 'GET',
    path: '/operators/self',
    answer: operatorAnswer,
  }),
  list: defineOperation({
    id: 'listOperatorTokens',
    tag,
    summary: 'List operator tokens, the revoked ones too',
    method: 'GET',
    path: '/operators/tokens',
    role: 'admin',
    query: z.strictObject(pageQuery),
    answer: pageOf(operatorTokenAnswer),
  }),
  create: defineOperation({
    id: 'createOperatorToken',
    tag,
    summary: 'Create an operator token',
    method: 'POST',
    path: '/operators/tokens',
    role: 'admin',
    body: z.strictObject({
      name: z
        .string()
        .regex(/^\P{Cc}{1,100}$/u, 'must be 1 to 100 characters, none of them control characters'),
      role: z.enum(ROLES),
      expires_at: timeInput.nullable().optional(),
    }),
    answer: operatorTokenAnswer.extend({
      secret: z
        .string()
        .nullable()
        .meta({ description: 'The whole token. It is shown this once: a repeated request has null here.' }),
    }),
    status: 201,
    hasEtag: true,
  }),
  read: defineOperation({
    id: 'readOperatorToken',
    tag,
    summary: 'Read an operator token',
    method: 'GET',
    path: '/operators/tokens/:token_id',
    role: 'admin',
    params,
    answer: operatorTokenAnswer,
    hasEtag: true,
    errors: ['operator_token_not_found'],
  }),
  revoke: defineOperation({
    id: 'revokeOperatorToken',
    tag,
    summary: 'Revoke an operator token for ever, at once',
    method: 'POST',
    path: '/operators/tokens/:token_id/revoke',
    role: 'admin',
    params,
    answer: operatorTokenAnswer,
    hasEtag: true,
    changesEdition: true,
    errors: ['operator_token_not_found'],
  }),
};
