import { settingFields } from '@tollgate/tenant-config';
import { z } from 'zod';
import { defineOperation } from '../operation.js';
import { plainText, time } from '../wire/members.js';
import { pageOf, pageQuery } from '../wire/page.js';

const tag = 'alerts';
const params = z.strictObject({ endpoint_id: z.uuid('must be the id of an endpoint') });
const deliveryParams = params.extend({
  delivery_id: z.string().regex(/^msg_[0-9a-f]{32}$/, 'must be the id of a delivery'),
});
const thresholds = z
  .array(z.literal([50, 80, 100]))
  .min(1)
  .refine((list) => new Set(list).size === list.length, 'must name each once');
const url = z.string().max(2000);

/** Whom alerts are sent to. */
export const webhookEndpointAnswer = z.strictObject({
  id: z.string(),
  tenant_id: z.string().nullable().meta({ description: 'Null: the alerts of all tenants.' }),
  url: z.string(),
  thresholds: z.array(z.int()).meta({ description: 'In percent of a budget.' }),
  is_enabled: z.boolean(),
  created_at: time,
});

/** A message to an endpoint, with what came of it. */
export const webhookDeliveryAnswer = z.strictObject({
  id: z.string().meta({ description: 'The `webhook-id`.' }),
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  state: z.enum(['pending', 'delivered', 'failed']),
  created_at: time,
  next_attempt_at: time.nullable(),
  attempts: z.array(
    z.strictObject({
      attempt: z.int(),
      at: time,
      duration_ms: z.int(),
      status: z.int().nullable(),
      error: z.string().nullable(),
      response: z.string().nullable().meta({ description: 'The beginning of the answer.' }),
    }),
  ),
});

const path = '/alerts/endpoints';
const one = { tag, params, answer: webhookEndpointAnswer, hasEtag: true } as const;
const errors = ['webhook_endpoint_not_found'] as const;

/** Everything about webhooks for alerts of budgets. */
export const alertOperations = {
  list: defineOperation({
    id: 'listWebhookEndpoints',
    tag,
    summary: 'List endpoints, oldest first: all, or those that the alerts of a tenant go to',
    method: 'GET',
    path,
    query: z.strictObject({ ...pageQuery, tenant_id: plainText.min(1).optional() }),
    answer: pageOf(webhookEndpointAnswer),
  }),
  create: defineOperation({
    id: 'createWebhookEndpoint',
    tag,
    summary: 'Have alerts sent to an endpoint',
    method: 'POST',
    path,
    role: 'operator',
    body: z.strictObject({
      url,
      tenant_id: settingFields.tenantId.nullable().optional(),
      thresholds: thresholds.optional(),
    }),
    answer: webhookEndpointAnswer.extend({
      secret: z
        .string()
        .nullable()
        .meta({ description: 'What messages are signed with. It is shown this once.' }),
    }),
    status: 201,
    hasEtag: true,
  }),
  read: defineOperation({
    ...one,
    id: 'readWebhookEndpoint',
    summary: 'Read an endpoint',
    method: 'GET',
    path: `${path}/:endpoint_id`,
    errors,
  }),
  patch: defineOperation({
    ...one,
    id: 'patchWebhookEndpoint',
    summary: 'Change an endpoint; what is left out stays',
    method: 'PATCH',
    path: `${path}/:endpoint_id`,
    role: 'operator',
    changesEdition: true,
    body: z.strictObject({
      url: url.optional(),
      thresholds: thresholds.optional(),
      is_enabled: z.boolean().optional(),
    }),
    errors,
  }),
  delete: defineOperation({
    id: 'deleteWebhookEndpoint',
    tag,
    summary: 'Delete an endpoint with its deliveries',
    method: 'DELETE',
    path: `${path}/:endpoint_id`,
    role: 'operator',
    params,
    changesEdition: true,
    status: 204,
    errors,
  }),
  test: defineOperation({
    id: 'testWebhookEndpoint',
    tag,
    summary: 'Send a message of the type `webhook.test`',
    method: 'POST',
    path: `${path}/:endpoint_id/test`,
    role: 'operator',
    params,
    answer: webhookDeliveryAnswer,
    status: 201,
    errors,
  }),
  listDeliveries: defineOperation({
    id: 'listWebhookDeliveries',
    tag,
    summary: 'List the messages to an endpoint with their attempts, newest first',
    method: 'GET',
    path: `${path}/:endpoint_id/deliveries`,
    params,
    query: z.strictObject(pageQuery),
    answer: pageOf(webhookDeliveryAnswer),
    errors,
  }),
  retryDelivery: defineOperation({
    id: 'retryWebhookDelivery',
    tag,
    summary: 'Try a message once more, at once',
    method: 'POST',
    path: `${path}/:endpoint_id/deliveries/:delivery_id/retry`,
    role: 'operator',
    params: deliveryParams,
    answer: webhookDeliveryAnswer,
    errors: ['webhook_endpoint_not_found', 'webhook_delivery_not_found'],
  }),
};
