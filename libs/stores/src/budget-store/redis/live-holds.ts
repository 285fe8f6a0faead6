import type { ScopeWindow } from '../../ledger/scope-total.js';
import type { Hold } from '../budget-store.js';

/** The holds of this process that Redis should know, by tenant, and the epoch in which they were last known there. */
export class TenantHolds {
  readonly holds = new Map<string, Hold>();
  /** Holds whose fate at Redis is unknown (a timeout, a cut connection); they must be cancelled, never used. */
  readonly doubtful = new Map<string, Hold>();
  epoch: string | undefined;
  registeredAtMs = 0;

  /** The distinct windows of the running holds. */
  windows(): ScopeWindow[] {
    const distinct = new Map<string, ScopeWindow>();
    for (const hold of this.holds.values()) {
      for (const { scope, window } of hold.scopes) distinct.set(`${scope}@${window}`, { scope, window });
    }
    return [...distinct.values()];
  }
}

/** All running holds of this process. */
export class LiveHolds {
  readonly #tenants = new Map<string, TenantHolds>();

  of(tenantId: string): TenantHolds {
    let tenant = this.#tenants.get(tenantId);
    if (!tenant) this.#tenants.set(tenantId, (tenant = new TenantHolds()));
    return tenant;
  }

  /** Tenants with anything to look after; those without are forgotten on the way. */
  active(): [tenantId: string, tenant: TenantHolds][] {
    for (const [tenantId, tenant] of this.#tenants) {
      if (tenant.holds.size === 0 && tenant.doubtful.size === 0) this.#tenants.delete(tenantId);
    }
    return [...this.#tenants];
  }
}
