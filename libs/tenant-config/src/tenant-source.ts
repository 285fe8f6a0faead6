import type { ApiKey, Tenant } from './tenant.js';
import type { TenantSettings } from './tenant-settings.js';

/** All tenants and usable keys of a source at one moment. */
export interface TenantRecords {
  readonly tenants: readonly Tenant[];
  /** The same tenants in the same order as the source has them, without defaults. */
  readonly settings: readonly TenantSettings[];
  /** Without the revoked ones. */
  readonly keys: readonly ApiKey[];
}

/** Where tenants and keys come from. */
export abstract class TenantSource {
  /** Changes whenever `load` would answer something else; cheap enough to be asked several times a second. */
  abstract version(): Promise<string>;
  abstract load(): Promise<TenantRecords>;
  /** How long to wait between two questions for the version, in ms. */
  readonly pollMs: number = 400;
  /** Lets go of what is its own. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
