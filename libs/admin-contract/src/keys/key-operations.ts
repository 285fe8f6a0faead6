import { settingFields } from '@tollgate/tenant-config';
import { z } from 'zod';
import { defineOperation } from '../operation.js';
import { tenantParams } from '../tenants/tenant-schemas.js';
import { budgetLimitsAnswer, budgetLimitsInput, time, timeInput } from '../wire/members.js';
import { amountsAgree } from '../wire/money.js';
import { pageOf, pageQuery } from '../wire/page.js';

const MAX_OVERLAP_SECONDS = 2_592_000;
const tag = 'keys';
const params = tenantParams.extend({
  key_id: z.string().regex(/^[0-9A-Za-z]{12}$/, 'must be the id of a key'),
});

/** What a request says about a key. */
export const keyBody = z
  .strictObject({
    name: settingFields.keyName.nullable().optional(),
    agent_id: settingFields.agentId
      .nullable()
      .optional()
      .meta({ description: 'The only agent that it may act for.' }),
    expires_at: timeInput.nullable().optional(),
    ...budgetLimitsInput,
  })
  .superRefine(amountsAgree(['budget']));

/** A key without its secret. */
export const keyAnswer = z.strictObject({
  id: z.string().meta({ description: 'The public part of the secret.' }),
  tenant_id: z.string(),
  status: z.enum(['active', 'expired', 'revoked']),
  name: z.string().nullable(),
  agent_id: z.string().nullable(),
  ...budgetLimitsAnswer,
  expires_at: time.nullable(),
  revoked_at: time.nullable(),
  created_at: time,
  updated_at: time,
});

const secret = z
  .string()
  .nullable()
  .meta({ description: 'The whole key. It is shown this once: a repeated request has null here.' });

/** A key that was just made. */
export const issuedKeyAnswer = keyAnswer.extend({ secret });

const one = { tag, params, answer: keyAnswer, hasEtag: true } as const;
const change = { ...one, role: 'operator', changesEdition: true } as const;

/** Everything about the keys of a tenant. */
export const keyOperations = {
  list: defineOperation({
    id: 'listKeys',
    tag,
    summary: 'List the keys of a tenant, the revoked ones too',
    method: 'GET',
    path: '/tenants/:tenant_id/keys',
    params: tenantParams,
    query: z.strictObject(pageQuery),
    answer: pageOf(keyAnswer),
    errors: ['tenant_not_found'],
  }),
  create: defineOperation({
    id: 'createKey',
    tag,
    summary: 'Create a key',
    method: 'POST',
    path: '/tenants/:tenant_id/keys',
    role: 'operator',
    params: tenantParams,
    body: keyBody,
    answer: issuedKeyAnswer,
    status: 201,
    hasEtag: true,
    errors: ['tenant_not_found', 'agent_not_found'],
  }),
  read: defineOperation({
    ...one,
    id: 'readKey',
    summary: 'Read a key',
    method: 'GET',
    path: '/tenants/:tenant_id/keys/:key_id',
    errors: ['tenant_not_found', 'key_not_found'],
  }),
  patch: defineOperation({
    ...change,
    id: 'patchKey',
    summary: 'Change a key; null unsets a member',
    method: 'PATCH',
    path: '/tenants/:tenant_id/keys/:key_id',
    body: keyBody,
    errors: ['tenant_not_found', 'key_not_found', 'key_not_active', 'agent_not_found'],
  }),
  rotate: defineOperation({
    ...change,
    id: 'rotateKey',
    summary: 'Make a key like this one, which ends after an overlap',
    method: 'POST',
    path: '/tenants/:tenant_id/keys/:key_id/rotate',
    body: z.strictObject({
      overlap_seconds: z
        .int()
        .min(0)
        .max(MAX_OVERLAP_SECONDS)
        .default(86_400)
        .meta({ description: 'How long the old key goes on working. 0: it is revoked at once.' }),
    }),
    answer: z.strictObject({ key: issuedKeyAnswer, replaced: keyAnswer }),
    status: 201,
    errors: ['tenant_not_found', 'key_not_found', 'key_not_active'],
  }),
  revoke: defineOperation({
    ...change,
    id: 'revokeKey',
    summary: 'Revoke a key for ever, on every gateway within a second',
    method: 'POST',
    path: '/tenants/:tenant_id/keys/:key_id/revoke',
    errors: ['tenant_not_found', 'key_not_found'],
  }),
};
