import { formatAmount, formatTime, readAmount } from '@tollgate/admin-contract';
import type { EditedKey, KeyChange, LimitChange } from '@tollgate/tenant-config';
import type { Limits } from '@tollgate/domain';

type Body = Readonly<Record<string, unknown>>;

/** Limits as an answer has them. */
export function formatLimits(limits: Limits): Record<string, unknown> {
  return {
    ...formatAmount('budget', limits.budgetNanoUsd),
    requests_per_minute: limits.requestsPerMinute ?? null,
    tokens_per_minute: limits.tokensPerMinute ?? null,
    max_concurrency: limits.maxConcurrency ?? null,
  };
}

/** The limits that a body names; `absent` stands for those that it does not. */
export function readLimits(body: Body, absent: null | undefined): LimitChange {
  const read = (value: unknown): number | null | undefined =>
    // Safe: the schema of the contract let nothing else pass.
    value === undefined ? absent : (value as number | null);
  return {
    budgetNanoUsd: read(readAmount(body, 'budget')),
    requestsPerMinute: read(body['requests_per_minute']),
    tokensPerMinute: read(body['tokens_per_minute']),
    maxConcurrency: read(body['max_concurrency']),
  };
}

function statusOf({ revokedAtMs, expiresAtMs }: EditedKey): 'active' | 'expired' | 'revoked' {
  if (revokedAtMs !== undefined) return 'revoked';
  return expiresAtMs !== undefined && expiresAtMs <= Date.now() ? 'expired' : 'active';
}

/** A key as an answer has it, and the audit. */
export function formatKey(key: EditedKey): Record<string, unknown> {
  return {
    id: key.id,
    tenant_id: key.tenantId,
    status: statusOf(key),
    name: key.name ?? null,
    agent_id: key.agentId ?? null,
    ...formatLimits(key.limits),
    expires_at: formatTime(key.expiresAtMs),
    revoked_at: formatTime(key.revokedAtMs),
    created_at: formatTime(key.createdAtMs),
    updated_at: formatTime(key.updatedAtMs),
  };
}

/** A body about a key. */
export interface KeyBody extends Body {
  readonly name?: string | null | undefined;
  readonly agent_id?: string | null | undefined;
  readonly expires_at?: string | null | undefined;
}

/** The change of a key that a body asks for. */
export function readKeyChange(body: KeyBody): KeyChange {
  const { name, agent_id: agentId, expires_at: expiresAt } = body;
  return {
    name,
    agentId,
    expiresAtMs: typeof expiresAt === 'string' ? Date.parse(expiresAt) : expiresAt,
    limits: readLimits(body, undefined),
  };
}
