import { createHash } from 'node:crypto';
import type { Tenant } from './tenant.js';

const HASH_LENGTH = 12;

// Settings that are not set leave no trace, so that a new kind of setting does not change every hash.
function canonical(value: unknown): unknown {
  if (value instanceof Map) return canonical(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, part]) => [name, canonical(part)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A short SHA-256 (12 hex digits) over a tenant's effective settings; the order of models and agents does not matter. */
export function hashConfig(tenant: Omit<Tenant, 'configHash'>): string {
  const allowedModels = tenant.allowedModels?.toSorted();
  const text = JSON.stringify(canonical({ ...tenant, allowedModels }));
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
}
