import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { uuidV7, type Clock } from '@tollgate/domain';
import { BillingError } from '../billing-error.js';
import { name, pageLimit } from '../input-shapes.js';
import { parseInput } from '../parse-input.js';
import { createWebhookSecret } from './signature.js';
import {
  endpointDraft,
  endpointPatch,
  type EndpointDraft,
  type EndpointPatch,
  type WebhookEndpoint,
} from './webhook-endpoint.js';

type Row = Readonly<Record<string, unknown>>;

const COLUMNS = 'id, tenant_id, url, thresholds, is_enabled, created_at, version';
const id = z.uuid();
const pageDraft = z.strictObject({ tenantId: name.optional(), limit: pageLimit, after: id.optional() });

function toEndpoint(row: Row): WebhookEndpoint {
  return {
    id: String(row['id']),
    tenantId: (row['tenant_id'] as string | null) ?? undefined,
    url: String(row['url']),
    thresholds: row['thresholds'] as number[],
    isEnabled: row['is_enabled'] === true,
    createdAtMs: (row['created_at'] as Date).getTime(),
    version: Number(row['version']),
  };
}

/** Whom alerts are sent to. */
export class WebhookEndpoints {
  constructor(private readonly options: { readonly pool: Pool | PoolClient; readonly clock: Clock }) {}

  /**
   * Makes an endpoint; its secret is answered here and never again.
   * @throws BillingError `invalid_input`
   */
  async create(
    input: EndpointDraft,
  ): Promise<{ readonly endpoint: WebhookEndpoint; readonly secret: string }> {
    const draft = parseInput(endpointDraft, input);
    const secret = createWebhookSecret();
    const nowMs = this.options.clock.now();
    const endpoint = await this.#one(
      `INSERT INTO webhook_endpoints (id, tenant_id, url, secret, thresholds, is_enabled, created_at)
       VALUES ($1, $2, $3, $4, $5, true, $6) RETURNING ${COLUMNS}`,
      [uuidV7(nowMs), draft.tenantId, draft.url, secret, draft.thresholds, new Date(nowMs)],
    );
    return { endpoint, secret };
  }

  /** @throws BillingError `invalid_input`, `endpoint_not_found` */
  async get(endpointId: string): Promise<WebhookEndpoint> {
    return this.#one(`SELECT ${COLUMNS} FROM webhook_endpoints WHERE id = $1`, [parseInput(id, endpointId)]);
  }

  /** Endpoints, oldest first: all, or those that a tenant's alerts go to; `nextAfter` is the `after` of the next page. */
  async list(
    input: z.input<typeof pageDraft> = {},
  ): Promise<{ readonly items: readonly WebhookEndpoint[]; readonly nextAfter: string | undefined }> {
    const { tenantId, limit, after } = parseInput(pageDraft, input);
    const { rows } = await this.options.pool.query<Row>(
      `SELECT ${COLUMNS} FROM webhook_endpoints
       WHERE ($1::text IS NULL OR tenant_id IS NULL OR tenant_id = $1) AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
      [tenantId ?? null, after ?? null, limit + 1],
    );
    const items = rows.slice(0, limit).map(toEndpoint);
    return { items, nextAfter: rows.length > limit ? items.at(-1)?.id : undefined };
  }

  /** @throws BillingError `invalid_input`, `endpoint_not_found` */
  async update(endpointId: string, input: EndpointPatch): Promise<WebhookEndpoint> {
    const patch = parseInput(endpointPatch, input);
    return this.#one(
      `UPDATE webhook_endpoints SET url = coalesce($2, url), thresholds = coalesce($3, thresholds), is_enabled = coalesce($4, is_enabled)
       WHERE id = $1 RETURNING ${COLUMNS}`,
      [parseInput(id, endpointId), patch.url, patch.thresholds, patch.isEnabled],
    );
  }

  /**
   * Deletes an endpoint with its deliveries.
   * @throws BillingError `invalid_input`, `endpoint_not_found`
   */
  async delete(endpointId: string): Promise<void> {
    await this.#one(`DELETE FROM webhook_endpoints WHERE id = $1 RETURNING ${COLUMNS}`, [
      parseInput(id, endpointId),
    ]);
  }

  /**
   * Queues a message of type `webhook.test`, and answers its delivery's id.
   * @throws BillingError `invalid_input`, `endpoint_not_found`
   */
  async sendTest(endpointId: string): Promise<string> {
    const endpoint = await this.get(endpointId);
    const deliveryId = `msg_${randomUUID().replaceAll('-', '')}`;
    await this.options.pool.query(
      `INSERT INTO webhook_deliveries (id, endpoint_id, type, data, created_at, next_attempt_at) VALUES ($1, $2, 'webhook.test', '{}', $3, $3)`,
      [deliveryId, endpoint.id, new Date(this.options.clock.now())],
    );
    return deliveryId;
  }

  async #one(text: string, values: readonly unknown[]): Promise<WebhookEndpoint> {
    const { rows } = await this.options.pool.query<Row>(text, [...values]);
    if (!rows[0]) throw new BillingError('endpoint_not_found', 'There is no endpoint with this id.');
    return toEndpoint(rows[0]);
  }
}
