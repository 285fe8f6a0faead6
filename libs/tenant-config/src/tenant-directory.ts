import { hash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@tollgate/domain';
import type { ApiKey, Tenant } from './tenant.js';
import type { TenantRecords, TenantSource } from './tenant-source.js';

const MAX_RECENT_KEYS = 10_000;

/** Whom a key belongs to. */
export interface Principal {
  readonly tenant: Tenant;
  readonly key: ApiKey;
}

/** What the directory needs. */
export interface TenantDirectoryOptions {
  readonly source: TenantSource;
  readonly clock: Clock;
  /** Told of the tenants whenever they were loaded. */
  readonly onLoaded?: (tenants: readonly Tenant[]) => void;
  /** Told of a source that cannot be read; the last good snapshot stays in force. */
  readonly onError: (error: unknown) => void;
}

interface IndexedPrincipal extends Principal {
  readonly digest: Buffer;
}

interface Snapshot {
  readonly version: string;
  readonly tenants: ReadonlyMap<string, Tenant>;
  readonly principals: ReadonlyMap<string, IndexedPrincipal>;
  /** Principals by the keys that were used: a hash for each call would cost more than the rest of authentication. */
  readonly recent: Map<string, Principal>;
}

function index(version: string, records: TenantRecords): Snapshot {
  const tenants = new Map(records.tenants.map((tenant) => [tenant.id, tenant]));
  const principals = new Map<string, IndexedPrincipal>();
  for (const key of records.keys) {
    const tenant = tenants.get(key.tenantId);
    if (tenant)
      principals.set(key.secretSha256, { tenant, key, digest: Buffer.from(key.secretSha256, 'hex') });
  }
  return { version, tenants, principals, recent: new Map() };
}

/** All tenants and keys in memory, swapped as a whole when the source has changed: an edit is in force within a second. */
export class TenantDirectory {
  #snapshot: Snapshot | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #refreshing: Promise<void> = Promise.resolve();
  #staleSinceMs: number | undefined;

  constructor(private readonly options: TenantDirectoryOptions) {}

  /** Loads once and then keeps up with the source; a source that is down is tried again. */
  async start(): Promise<void> {
    await this.refresh();
    this.#schedule();
  }

  /** Stops keeping up and closes the source; a look at it that is under way ends first. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.all([this.options.source.close(), this.#refreshing]);
  }

  /** Whether anything has ever been loaded. */
  get isLoaded(): boolean {
    return this.#snapshot !== undefined;
  }

  /** Since when the source could not be read, in ms since the epoch; undefined while it can. */
  get staleSinceMs(): number | undefined {
    return this.#staleSinceMs;
  }

  /** The key's owner; undefined for a key that is unknown or expired, or whose tenant is suspended. */
  findPrincipal(apiKey: string): Principal | undefined {
    const principal = this.#snapshot?.recent.get(apiKey) ?? this.#lookUp(apiKey);
    if (!principal) return undefined;
    const { expiresAtMs } = principal.key;
    if (expiresAtMs !== undefined && this.options.clock.now() >= expiresAtMs) return undefined;
    return principal.tenant.suspended ? undefined : principal;
  }

  #lookUp(apiKey: string): Principal | undefined {
    const digest = hash('sha256', apiKey, 'buffer');
    const principal = this.#snapshot?.principals.get(digest.toString('hex'));
    if (!principal || !timingSafeEqual(digest, principal.digest)) return undefined;
    // Only keys that have proved right are remembered, and only as long as the snapshot: guesses find nothing here.
    const recent = this.#snapshot?.recent;
    if (recent && recent.size < MAX_RECENT_KEYS) recent.set(apiKey, principal);
    return principal;
  }

  findTenant(id: string): Tenant | undefined {
    return this.#snapshot?.tenants.get(id);
  }

  listTenants(): Tenant[] {
    return [...(this.#snapshot?.tenants.values() ?? [])];
  }

  /** Reads the source now if it has changed. */
  async refresh(): Promise<void> {
    try {
      const version = await this.options.source.version();
      const isNew = version !== this.#snapshot?.version;
      if (isNew) this.#snapshot = index(version, await this.options.source.load());
      this.#staleSinceMs = undefined;
      if (isNew) this.options.onLoaded?.(this.listTenants());
    } catch (error) {
      if (this.#stopped) return; // The source was closed under its feet.
      this.#staleSinceMs ??= this.options.clock.now();
      this.options.onError(error);
    }
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#refreshing = this.refresh().finally(() => this.#schedule());
    }, this.options.source.pollMs);
  }
}
