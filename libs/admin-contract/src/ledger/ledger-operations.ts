import { z } from 'zod';
import { defineOperation } from '../operation.js';
import { time } from '../wire/members.js';
import { amountAnswer, amountInput, amountsAgree } from '../wire/money.js';
import { reasonInput } from '../wire/reason.js';

const tag = 'ledger';
const MAX_COUNT = 1_000_000_000_000;
const params = z.strictObject({ request_id: z.uuid('must be the x-request-id of a call') });
const count = z.int().min(0).max(MAX_COUNT);

const tokens = {
  input_tokens: z.int(),
  cached_input_tokens: z.int(),
  cache_write_tokens: z.int(),
  input_audio_tokens: z.int(),
  output_tokens: z.int(),
  output_audio_tokens: z.int(),
};

/** One upstream call as it is billed. */
export const usageEventAnswer = z.strictObject({
  attempt: z.int().meta({ description: '0 ended the request; 1, 2, … are failed tries before it.' }),
  at: time,
  tenant_id: z.string(),
  key_id: z.string(),
  agent_id: z.string().nullable(),
  run_id: z.string().nullable(),
  task_type: z.string().nullable(),
  month: z.string(),
  model_asked: z.string(),
  model: z.string(),
  model_provider: z.string(),
  status: z.enum(['completed', 'aborted', 'failed', 'presumed']),
  error_code: z.string().nullable(),
  usage_source: z.enum(['reported', 'counted', 'none']),
  ...tokens,
  ...amountAnswer('cost'),
  price_version: z.string(),
  streamed: z.boolean(),
  latency_ms: z.int(),
  first_token_ms: z.int().nullable(),
  config_hash: z.string(),
});

const part = z.strictObject({ status: z.string(), ...tokens, ...amountAnswer('cost') });

/** A correction that was made; it stands for ever. */
export const correctionAnswer = z.strictObject({
  attempt: z.int(),
  presumed: part,
  corrected: part,
  ...amountAnswer('difference'),
  reason: z.string(),
  corrected_by: z.string(),
  corrected_at: time,
});

/** All that the ledger has of a request. */
export const ledgerEntryAnswer = z.strictObject({
  request_id: z.string(),
  events: z.array(usageEventAnswer),
  corrections: z.array(correctionAnswer),
});

const entry = { tag, params, answer: ledgerEntryAnswer } as const;

/** Everything about single calls. */
export const ledgerOperations = {
  read: defineOperation({
    ...entry,
    id: 'readLedgerEntry',
    summary: 'Read the events of one call, and their corrections',
    method: 'GET',
    path: '/ledger/:request_id',
    errors: ['usage_event_not_found'],
  }),
  correct: defineOperation({
    ...entry,
    id: 'correctLedgerEntry',
    summary: 'Give a presumed event its real end and cost, by proof',
    description:
      'Totals and budgets move by the difference. Without tokens the counts stay as they were presumed. It can be neither changed nor taken back; to ask again for the same changes nothing.',
    method: 'POST',
    path: '/ledger/:request_id/correct',
    role: 'operator',
    body: z
      .strictObject({
        attempt: z.int().min(0).optional(),
        status: z.enum(['completed', 'aborted', 'failed']),
        ...amountInput('cost'),
        tokens: z
          .strictObject({
            input_tokens: count,
            cached_input_tokens: count.optional(),
            cache_write_tokens: count.optional(),
            input_audio_tokens: count.optional(),
            output_tokens: count,
            output_audio_tokens: count.optional(),
          })
          .optional(),
        reason: reasonInput,
      })
      .superRefine((body, context) => {
        amountsAgree(['cost'])(body, context);
        if ((body.cost_usd ?? body.cost_nano_usd ?? null) === null)
          context.addIssue({ code: 'custom', path: ['cost_usd'], message: 'is missing' });
      }),
    errors: ['usage_event_not_found', 'event_not_presumed', 'event_already_corrected'],
  }),
};
