import { Controller } from '@nestjs/common';
import { BASE_PATH, alertOperations } from '@tollgate/admin-contract';
import { systemClock } from '@tollgate/domain';
import { BillingError, WebhookEndpoints, WebhookLog, type WebhookDelivery } from '@tollgate/stores';
import { Pool, type PoolClient } from 'pg';
import { Changes, type Change } from '../change/changes.js';
import { answerOf, type Answer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { pageOf, readCursor, refuseCursor } from '../page/cursor.js';
import { formatDelivery } from './alert-wire.js';

const operations = alertOperations;
const clock = systemClock;
const DELIVERY_ID = /^msg_[0-9a-f]{32}$/;

function changeOf(
  action: string,
  endpoint: { id: string; tenantId?: string | undefined },
  of: WebhookDelivery,
): Change {
  return {
    body: formatDelivery(of),
    audit: {
      action: `webhook_endpoint.${action}`,
      targetType: 'webhook_endpoint',
      targetId: endpoint.id,
      tenantId: endpoint.tenantId,
      before: undefined,
      after: { delivery_id: of.id, type: of.type },
    },
  };
}

async function belongsTo(client: PoolClient, deliveryId: string, endpointId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    'SELECT FROM webhook_deliveries WHERE id = $1 AND endpoint_id = $2',
    [deliveryId, endpointId],
  );
  return rowCount === 1;
}

/** What was sent to whom. */
@Controller(BASE_PATH)
export class DeliveriesController {
  constructor(
    private readonly pool: Pool,
    private readonly changes: Changes,
  ) {}

  @Serves(operations.listDeliveries)
  async list(@Call() { params, query }: CallOf<typeof operations.listDeliveries>): Promise<Answer> {
    const before = readCursor(query.cursor);
    if (before !== undefined && !DELIVERY_ID.test(before)) throw refuseCursor();
    const endpoint = await new WebhookEndpoints({ pool: this.pool, clock }).get(params.endpoint_id);
    const { items, nextBefore } = await new WebhookLog({ pool: this.pool, clock }).list({
      endpointId: endpoint.id,
      limit: query.limit,
      ...(before === undefined ? {} : { before }),
    });
    return answerOf(pageOf(items, nextBefore, formatDelivery));
  }

  @Serves(operations.test)
  test(@Call() call: CallOf<typeof operations.test>): Promise<Answer> {
    return this.changes.make(call, async (client) => {
      const endpoints = new WebhookEndpoints({ pool: client, clock });
      const endpoint = await endpoints.get(call.params.endpoint_id);
      const id = await endpoints.sendTest(endpoint.id);
      return changeOf('test', endpoint, await new WebhookLog({ pool: client, clock }).get(id));
    });
  }

  @Serves(operations.retryDelivery)
  retry(@Call() call: CallOf<typeof operations.retryDelivery>): Promise<Answer> {
    const { endpoint_id: endpointId, delivery_id: id } = call.params;
    return this.changes.make(call, async (client) => {
      const endpoint = await new WebhookEndpoints({ pool: client, clock }).get(endpointId);
      if (!(await belongsTo(client, id, endpoint.id)))
        throw new BillingError('delivery_not_found', 'The endpoint has no delivery with this id.');
      return changeOf('retry', endpoint, await new WebhookLog({ pool: client, clock }).retry(id));
    });
  }
}
