import type { TenantVariables } from '@tollgate/config';
import type { TenantDefaults } from '../tenant-settings.js';
import { TenantSource, type TenantRecords } from '../tenant-source.js';
import { toRecords } from '../tenant-variables-records.js';

/** Tenants from the `TENANT_<ID>_…` variables, which stand still for the life of a process. */
export class EnvTenantSource extends TenantSource {
  constructor(
    private readonly tenants: readonly TenantVariables[],
    private readonly defaults: TenantDefaults,
  ) {
    super();
  }

  version(): Promise<string> {
    return Promise.resolve('env');
  }

  async load(): Promise<TenantRecords> {
    return toRecords(this.tenants, this.defaults);
  }
}
