import type { ScopeWindow } from '../../ledger/scope-total.js';

/** All tenants that may have holds: a sorted set by the time of last use (ms). The only key outside a tenant's slot. */
export const TENANTS_KEY = 'tollgate:tenants';

// The braces are Redis Cluster's hash tag: all keys of a tenant share one slot, so that one script can reach them.
const key = (tenantId: string, rest: string): string => `tollgate:{${tenantId}}:${rest}`;

/** Which life of the server's memory this is; gone when the server has forgotten everything. */
export const epochKey = (tenantId: string): string => key(tenantId, 'epoch');

/** Hash of running holds: request id → record. */
export const holdsKey = (tenantId: string): string => key(tenantId, 'holds');

/** Sorted set of request ids by their expiry (ms, Redis time). */
export const expiryKey = (tenantId: string): string => key(tenantId, 'expiry');

/** For each scope its window hash (settled, held, version) and its rate hash (tat, level, at, live). */
export function scopeKeys(tenantId: string, windows: readonly ScopeWindow[]): string[] {
  const keys: string[] = [];
  for (const { scope, window } of windows)
    keys.push(key(tenantId, `w:${scope}:${window}`), key(tenantId, `l:${scope}`));
  return keys;
}
