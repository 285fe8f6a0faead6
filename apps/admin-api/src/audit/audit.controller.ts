import { Controller } from '@nestjs/common';
import { BASE_PATH, auditOperations } from '@tollgate/admin-contract';
import { listAudit, verifyAudit, type AuditFilter, type AuditRecord } from '@tollgate/stores';
import { Pool } from 'pg';
import { answerOf, type Answer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { readCursor, refuseCursor, toPage } from '../page/cursor.js';

const SEQ = /^[1-9]\d{0,15}$/;

function format(record: AuditRecord): object {
  return {
    seq: record.seq,
    at: record.at.toISOString(),
    actor: record.actor,
    action: record.action,
    target_type: record.targetType,
    target_id: record.targetId,
    tenant_id: record.tenantId ?? null,
    before: record.before ?? null,
    after: record.after ?? null,
    request_id: record.requestId,
    hash: record.hash,
  };
}

function readFilter(query: CallOf<typeof auditOperations.list>['query']): AuditFilter {
  const time = (text: string | undefined): Date | undefined =>
    text === undefined ? undefined : new Date(text);
  return {
    tenantId: query.tenant_id,
    actor: query.actor,
    action: query.action,
    targetType: query.target_type,
    targetId: query.target_id,
    since: time(query.since),
    until: time(query.until),
  };
}

function readSeq(cursor: string | undefined): number | undefined {
  const place = readCursor(cursor);
  if (place === undefined) return undefined;
  if (!SEQ.test(place)) throw refuseCursor();
  return Number(place);
}

/** Who changed what. */
@Controller(BASE_PATH)
export class AuditController {
  constructor(private readonly pool: Pool) {}

  @Serves(auditOperations.list)
  async list(@Call() { query }: CallOf<typeof auditOperations.list>): Promise<Answer> {
    const page = { limit: query.limit + 1, beforeSeq: readSeq(query.cursor) };
    const records = await listAudit(this.pool, readFilter(query), page);
    return answerOf(toPage(records, query.limit, ({ seq }) => String(seq), format));
  }

  @Serves(auditOperations.verify)
  async verify(): Promise<Answer> {
    const { isIntact, entries, headHash, fault } = await verifyAudit(this.pool);
    return answerOf({ is_intact: isIntact, entries, head_hash: headHash, fault: fault ?? null });
  }
}
