import { Controller } from '@nestjs/common';
import { BASE_PATH, formatTime, operatorOperations } from '@tollgate/admin-contract';
import { Pool } from 'pg';
import { Changes } from '../change/changes.js';
import { answerOf, type Answer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { readCursor, toPage } from '../page/cursor.js';
import { OperatorTokens, type OperatorToken } from './operator-tokens.js';

const operations = operatorOperations;

function statusOf({ revokedAtMs, expiresAtMs }: OperatorToken): string {
  if (revokedAtMs !== undefined) return 'revoked';
  return expiresAtMs !== undefined && expiresAtMs <= Date.now() ? 'expired' : 'active';
}

function format(token: OperatorToken): Record<string, unknown> {
  return {
    id: token.id,
    name: token.name,
    role: token.role,
    status: statusOf(token),
    created_by: token.createdBy,
    created_at: formatTime(token.createdAtMs),
    updated_at: formatTime(token.updatedAtMs),
    expires_at: formatTime(token.expiresAtMs),
    revoked_at: formatTime(token.revokedAtMs),
    last_used_at: formatTime(token.lastUsedAtMs),
  };
}

/** Operators and their tokens. */
@Controller(BASE_PATH)
export class OperatorsController {
  constructor(
    private readonly pool: Pool,
    private readonly changes: Changes,
  ) {}

  @Serves(operations.readSelf)
  readSelf(@Call() { operator }: CallOf<typeof operations.readSelf>): Answer {
    return answerOf({ id: operator.id, role: operator.role });
  }

  @Serves(operations.list)
  async list(@Call() { query }: CallOf<typeof operations.list>): Promise<Answer> {
    const page = { limit: query.limit + 1, after: readCursor(query.cursor) };
    const tokens = await new OperatorTokens(this.pool).list(page);
    return answerOf(toPage(tokens, query.limit, ({ id }) => id, format));
  }

  @Serves(operations.create)
  create(@Call() call: CallOf<typeof operations.create>): Promise<Answer> {
    const { name, role, expires_at: expiresAt } = call.body;
    const expiresAtMs = typeof expiresAt === 'string' ? Date.parse(expiresAt) : undefined;
    return this.changes.make(call, async (client) => {
      const draft = { name, role, expiresAtMs, createdBy: call.operator.id };
      const { token, secret } = await new OperatorTokens(client).create(draft);
      const body = format(token);
      const audit = { action: 'operator_token.create', targetType: 'operator_token', targetId: token.id };
      return {
        body: { ...body, secret },
        keptBody: { ...body, secret: null },
        version: token.version,
        audit: { ...audit, tenantId: undefined, before: undefined, after: body },
      };
    });
  }

  @Serves(operations.read)
  async read(@Call() { params }: CallOf<typeof operations.read>): Promise<Answer> {
    const token = await new OperatorTokens(this.pool).get(params.token_id);
    return answerOf(format(token), token.version);
  }

  @Serves(operations.revoke)
  revoke(@Call() call: CallOf<typeof operations.revoke>): Promise<Answer> {
    return this.changes.make(call, async (client) => {
      const tokens = new OperatorTokens(client);
      const { before, after } = await tokens.revoke(call.params.token_id, call.version);
      const audit = { action: 'operator_token.revoke', targetType: 'operator_token', targetId: after.id };
      return {
        body: format(after),
        version: after.version,
        audit: { ...audit, tenantId: undefined, before: format(before), after: format(after) },
      };
    });
  }
}
