import { settingFields } from '@tollgate/tenant-config';
import { z } from 'zod';
import { defineOperation } from '../operation.js';
import { plainText } from '../wire/members.js';
import { pageOf, pageQuery } from '../wire/page.js';

const tag = 'models';
const price = z.int().meta({
  description: 'Pico-dollars (1e-12 $) for a token, which is dollars for a million tokens times a million.',
});

/** A model of the catalogue. */
export const modelAnswer = z.strictObject({
  id: z.string(),
  model_provider: z.string(),
  can_be_called: z.boolean().meta({ description: 'Whether gateways with this environment can call it.' }),
  context_window: z.int().nullable(),
  max_output_tokens: z.int().nullable(),
  price_version: z.string(),
  prices: z
    .array(
      z.strictObject({
        above_input_tokens: z
          .int()
          .meta({ description: 'The price holds for requests with more input than this.' }),
        input_usd_per_million: z.string(),
        output_usd_per_million: z.string(),
        cached_input_usd_per_million: z.string(),
        cache_write_usd_per_million: z.string(),
        input_pico_usd: price,
        output_pico_usd: price,
        cached_input_pico_usd: price,
        cache_write_pico_usd: price,
      }),
    )
    .nullable()
    .meta({ description: 'Null: no price is known.' }),
});

/** Which model a call would get, and why. */
export const resolutionAnswer = z.strictObject({
  tenant_id: z.string(),
  model_asked: z.string(),
  task_type: z.string().nullable(),
  is_callable: z.boolean(),
  model: z.string().nullable(),
  model_provider: z.string().nullable(),
  fallback_model: z.string().nullable(),
  code: z.string().nullable().meta({ description: 'With which code the call would be refused.' }),
  why: z.array(z.string()),
});

/** Everything about models. */
export const modelOperations = {
  list: defineOperation({
    id: 'listModels',
    tag,
    summary: 'List the models of the catalogue with their prices',
    method: 'GET',
    path: '/models',
    query: z.strictObject({ ...pageQuery, search: plainText.optional() }),
    answer: pageOf(modelAnswer),
  }),
  resolve: defineOperation({
    id: 'resolveModel',
    tag,
    summary: 'Say which model a call of a tenant would get, and why',
    method: 'POST',
    path: '/models/resolve',
    body: z.strictObject({
      tenant_id: settingFields.tenantId,
      model: settingFields.model.default('auto'),
      task_type: z
        .string()
        .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable characters')
        .nullable()
        .default(null),
    }),
    answer: resolutionAnswer,
    errors: ['tenant_not_found', 'tenant_settings_unavailable'],
  }),
};
