import type { NamedModels } from '@tollgate/config';
import type { Limits } from '@tollgate/domain';
import type { Agent, ApiKey } from '../tenant.js';
import type { TenantSettings } from '../tenant-settings.js';

/** A tenant as it is stored, without defaults. */
export interface StoredTenant extends TenantSettings {
  /** ms since the epoch, like every time here. */
  readonly suspendedAtMs: number | undefined;
  readonly createdAtMs: number;
}

/** An agent as it is stored. */
export interface StoredAgent extends Agent {
  readonly createdAtMs: number;
}

/** A key as it is stored, without its hash, which nobody needs to see. */
export interface StoredKey extends Omit<ApiKey, 'secretSha256'> {
  readonly name: string | undefined;
  readonly revokedAtMs: number | undefined;
  readonly createdAtMs: number;
}

/** A row of one of the tables; numbers may come as text, since Postgres' bigint is wider than a double. */
export type Row = Readonly<Record<string, unknown>>;

const LIMIT_COLUMNS = 'budget_nano_usd, requests_per_minute, tokens_per_minute, max_concurrency';
const milliseconds = (column: string): string =>
  `(extract(epoch FROM ${column}) * 1000)::bigint AS ${column}_ms`;

/** Something stored, with the edition that its next change must name. */
export type Versioned<T> = T & { readonly version: number; readonly updatedAtMs: number };

/** What `versioned` reads, beside the columns of what it reads. */
export const VERSION_COLUMNS = `version, ${milliseconds('updated_at')}`;

/** What `toTenant` reads. */
export const TENANT_COLUMNS = `id, default_model, fallback_model, allowed_models, allow_expensive, model_aliases,
  task_models, max_cost_per_request_nano_usd, run_budget_nano_usd, ${LIMIT_COLUMNS}, ${milliseconds('suspended_at')}, ${milliseconds('created_at')}`;

/** What `toAgent` reads. */
export const AGENT_COLUMNS = `id, ${LIMIT_COLUMNS}, ${milliseconds('created_at')}`;

/** What `toKey` reads. */
export const KEY_COLUMNS = `id, tenant_id, agent_id, name, ${LIMIT_COLUMNS}, ${milliseconds('expires_at')},
  ${milliseconds('revoked_at')}, ${milliseconds('created_at')}`;

// Safe casts below: each column has the type that the schema gives it.
const optional = <T>(value: unknown): T | undefined => (value === null ? undefined : (value as T));
const optionalNumber = (value: unknown): number | undefined => (value === null ? undefined : Number(value));
const optionalNames = (value: unknown): NamedModels | undefined =>
  value === null ? undefined : new Map(Object.entries(value as Record<string, string>));

function toLimits(row: Row): Limits {
  return {
    budgetNanoUsd: optionalNumber(row['budget_nano_usd']),
    requestsPerMinute: optionalNumber(row['requests_per_minute']),
    tokensPerMinute: optionalNumber(row['tokens_per_minute']),
    maxConcurrency: optionalNumber(row['max_concurrency']),
  };
}

/** Reads a row of VERSION_COLUMNS and of what `read` reads. */
export function versioned<T extends object>(row: Row, read: (row: Row) => T): Versioned<T> {
  return { ...read(row), version: Number(row['version']), updatedAtMs: Number(row['updated_at_ms']) };
}

/** Reads a row of TENANT_COLUMNS. */
export function toTenant(row: Row): StoredTenant {
  return {
    id: String(row['id']),
    defaultModel: optional(row['default_model']),
    fallbackModel: optional(row['fallback_model']),
    allowedModels: optional(row['allowed_models']),
    allowExpensive: optional(row['allow_expensive']),
    modelAliases: optionalNames(row['model_aliases']),
    taskModels: optionalNames(row['task_models']),
    limits: toLimits(row),
    maxCostPerRequestNanoUsd: optionalNumber(row['max_cost_per_request_nano_usd']),
    runBudgetNanoUsd: optionalNumber(row['run_budget_nano_usd']),
    suspendedAtMs: optionalNumber(row['suspended_at_ms']),
    createdAtMs: Number(row['created_at_ms']),
  };
}

/** Reads a row of AGENT_COLUMNS. */
export function toAgent(row: Row): StoredAgent {
  return { id: String(row['id']), limits: toLimits(row), createdAtMs: Number(row['created_at_ms']) };
}

/** Reads a row of KEY_COLUMNS. */
export function toKey(row: Row): StoredKey {
  return {
    id: String(row['id']),
    tenantId: String(row['tenant_id']),
    agentId: optional(row['agent_id']),
    name: optional(row['name']),
    limits: toLimits(row),
    expiresAtMs: optionalNumber(row['expires_at_ms']),
    revokedAtMs: optionalNumber(row['revoked_at_ms']),
    createdAtMs: Number(row['created_at_ms']),
  };
}
