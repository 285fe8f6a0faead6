import { TransientMap } from '@tollgate/domain';
import type { ScopeWindow } from '../../ledger/scope-total.js';
import type { Hold } from '../budget-store.js';
import { ScopeTable } from './scope-table.js';

/** A running hold and the epoch of Redis in which it is known there; undefined when that is in doubt. */
export interface LiveHold {
  readonly hold: Hold;
  epoch: string | undefined;
}

/** The holds of one tenant that this process runs. */
export class TenantHolds {
  readonly live = new TransientMap<string, LiveHold>();
  /** Holds whose fate at Redis is unknown (a timeout, a cut connection); they must be cancelled, never used. */
  readonly doubtful = new Map<string, Hold>();
  /** The newest epoch that Redis was seen in. */
  epoch: string | undefined;
  extendedAtMs = 0;

  /** Whether Redis may have forgotten any of the running holds. */
  get hasUnregistered(): boolean {
    for (const { epoch } of this.live.values()) if (epoch === undefined || epoch !== this.epoch) return true;
    return false;
  }

  /** The distinct windows of the running holds. */
  windows(): ScopeWindow[] {
    const table = new ScopeTable<ScopeWindow>();
    for (const { hold } of this.live.values()) table.numbersOf(hold.scopes);
    return table.windows.map(({ scope, window }) => ({ scope, window }));
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

  /**
   * Takes holds off the list while they are ended at Redis, and puts them back when that fails. A registration that is
   * sent behind the end, but before its reply, would bring them back to life.
   */
  async ending(tenantId: string, requestIds: readonly string[], end: () => Promise<unknown>): Promise<void> {
    const { live, doubtful } = this.of(tenantId);
    const taken = requestIds.map((id) => live.get(id)).filter((entry) => entry !== undefined);
    for (const { hold } of taken) live.delete(hold.requestId);
    try {
      await end();
    } catch (error) {
      for (const { hold } of taken) this.of(tenantId).live.set(hold.requestId, { hold, epoch: undefined });
      throw error;
    }
    for (const id of requestIds) doubtful.delete(id);
  }

  /** Tenants with anything to look after; those without are forgotten on the way. */
  active(): [tenantId: string, tenant: TenantHolds][] {
    for (const [tenantId, tenant] of this.#tenants) {
      if (tenant.live.size === 0 && tenant.doubtful.size === 0) this.#tenants.delete(tenantId);
    }
    return [...this.#tenants];
  }

  /** After a reconnect the server may be another one with older data: nothing is known to be there. */
  doubtAll(): void {
    for (const tenant of this.#tenants.values())
      for (const hold of tenant.live.values()) hold.epoch = undefined;
  }
}
