import { Controller } from '@nestjs/common';
import { BASE_PATH, alertOperations } from '@tollgate/admin-contract';
import { StaleRowError } from '@tollgate/database';
import { systemClock } from '@tollgate/domain';
import { WebhookEndpoints, type WebhookEndpoint } from '@tollgate/stores';
import { Pool } from 'pg';
import { Changes, type Change } from '../change/changes.js';
import { answerOf, type Answer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { pageOf, readUuidCursor } from '../page/cursor.js';
import { formatEndpoint } from './alert-wire.js';

const operations = alertOperations;
const clock = systemClock;

interface Edit {
  readonly before: WebhookEndpoint | undefined;
  readonly after: WebhookEndpoint | undefined;
}

function auditOf(action: string, { before, after }: Edit): Change['audit'] {
  const of = after ?? before;
  return {
    action: `webhook_endpoint.${action}`,
    targetType: 'webhook_endpoint',
    targetId: of?.id ?? '',
    tenantId: of?.tenantId,
    before: before && formatEndpoint(before),
    after: after && formatEndpoint(after),
  };
}

// Changes of operators are made one after the other: between this and the change there is none.
async function getEdition(
  endpoints: WebhookEndpoints,
  id: string,
  version: number,
): Promise<WebhookEndpoint> {
  const endpoint = await endpoints.get(id);
  if (endpoint.version !== version) throw new StaleRowError(endpoint.version);
  return endpoint;
}

/** Whom alerts are sent to. */
@Controller(BASE_PATH)
export class AlertsController {
  constructor(
    private readonly pool: Pool,
    private readonly changes: Changes,
  ) {}

  @Serves(operations.list)
  async list(@Call() { query }: CallOf<typeof operations.list>): Promise<Answer> {
    const after = readUuidCursor(query.cursor);
    const { items, nextAfter } = await new WebhookEndpoints({ pool: this.pool, clock }).list({
      limit: query.limit,
      ...(query.tenant_id === undefined ? {} : { tenantId: query.tenant_id }),
      ...(after === undefined ? {} : { after }),
    });
    return answerOf(pageOf(items, nextAfter, formatEndpoint));
  }

  @Serves(operations.create)
  create(@Call() call: CallOf<typeof operations.create>): Promise<Answer> {
    const { url, tenant_id: tenantId, thresholds } = call.body;
    return this.changes.make(call, async (client) => {
      const { endpoint, secret } = await new WebhookEndpoints({ pool: client, clock }).create({
        url,
        ...(typeof tenantId === 'string' ? { tenantId } : {}),
        ...(thresholds ? { thresholds } : {}),
      });
      const body = formatEndpoint(endpoint);
      return {
        body: { ...body, secret },
        keptBody: { ...body, secret: null },
        version: endpoint.version,
        audit: auditOf('create', { before: undefined, after: endpoint }),
      };
    });
  }

  @Serves(operations.read)
  async read(@Call() { params }: CallOf<typeof operations.read>): Promise<Answer> {
    const endpoint = await new WebhookEndpoints({ pool: this.pool, clock }).get(params.endpoint_id);
    return answerOf(formatEndpoint(endpoint), endpoint.version);
  }

  @Serves(operations.patch)
  patch(@Call() call: CallOf<typeof operations.patch>): Promise<Answer> {
    const { url, thresholds, is_enabled: isEnabled } = call.body;
    return this.changes.make(call, async (client) => {
      const endpoints = new WebhookEndpoints({ pool: client, clock });
      const before = await getEdition(endpoints, call.params.endpoint_id, call.version);
      const after = await endpoints.update(before.id, {
        ...(url === undefined ? {} : { url }),
        ...(thresholds === undefined ? {} : { thresholds }),
        ...(isEnabled === undefined ? {} : { isEnabled }),
      });
      const audit = auditOf('patch', { before, after });
      return { body: formatEndpoint(after), version: after.version, audit };
    });
  }

  @Serves(operations.delete)
  delete(@Call() call: CallOf<typeof operations.delete>): Promise<Answer> {
    return this.changes.make(call, async (client) => {
      const endpoints = new WebhookEndpoints({ pool: client, clock });
      const before = await getEdition(endpoints, call.params.endpoint_id, call.version);
      await endpoints.delete(before.id);
      return { body: undefined, audit: auditOf('delete', { before, after: undefined }) };
    });
  }
}
