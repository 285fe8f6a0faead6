import { z } from 'zod';
import { defineOperation } from '../operation.js';
import { plainText, time, timeInput } from '../wire/members.js';
import { pageOf, pageQuery } from '../wire/page.js';

const tag = 'audit';
const word = plainText.optional();
const state = z.record(z.string(), z.unknown()).nullable();

/** One change that somebody made. */
export const auditAnswer = z.strictObject({
  seq: z.int(),
  at: time,
  actor: z.string(),
  action: z.string(),
  target_type: z.string(),
  target_id: z.string(),
  tenant_id: z.string().nullable(),
  before: state,
  after: state,
  request_id: z.string(),
  hash: z.string().meta({ description: 'SHA-256 over the entry and the hash before it.' }),
});

/** What a look at the whole audit found. */
export const auditVerdictAnswer = z.strictObject({
  is_intact: z.boolean(),
  entries: z.int(),
  head_hash: z
    .string()
    .meta({ description: 'Keep it elsewhere: it proves later that nothing before was rewritten.' }),
  fault: z.strictObject({ seq: z.int(), kind: z.enum(['missing', 'changed', 'unlinked']) }).nullable(),
});

/** Everything about the audit. */
export const auditOperations = {
  list: defineOperation({
    id: 'listAudit',
    tag,
    summary: 'List what was changed, latest first',
    method: 'GET',
    path: '/audit',
    query: z.strictObject({
      ...pageQuery,
      tenant_id: word,
      actor: word,
      action: word,
      target_type: word,
      target_id: word,
      since: timeInput.optional().meta({ description: 'Inclusive.' }),
      until: timeInput.optional().meta({ description: 'Exclusive.' }),
    }),
    answer: pageOf(auditAnswer),
  }),
  verify: defineOperation({
    id: 'verifyAudit',
    tag,
    summary: 'Go through the whole audit, and find the first entry that was changed, removed or moved',
    method: 'GET',
    path: '/audit/verify',
    answer: auditVerdictAnswer,
  }),
};
