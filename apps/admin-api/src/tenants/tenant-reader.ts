import { TollgateError } from '@tollgate/domain';
import type { Tenant, TenantRecords, TenantSettings, TenantSource } from '@tollgate/tenant-config';

/** A tenant as gateways see it, and what of it is its own. */
export interface ReadTenant {
  readonly tenant: Tenant;
  readonly own: TenantSettings;
}

/** Reads tenants from where the gateways take them. */
export class TenantReader {
  constructor(private readonly source: TenantSource) {}

  /** @throws TollgateError `tenant_not_found`, `tenant_settings_unavailable` */
  async get(id: string): Promise<ReadTenant> {
    const { tenants, settings } = await this.#load();
    const at = tenants.findIndex((tenant) => tenant.id === id);
    const [tenant, own] = [tenants[at], settings[at]];
    if (tenant && own) return { tenant, own };
    throw new TollgateError(
      'tenant_not_found',
      'There is no tenant with this id where gateways take theirs.',
    );
  }

  close(): Promise<void> {
    return this.source.close();
  }

  async #load(): Promise<TenantRecords> {
    try {
      await this.source.version(); // what it has kept may be old
      return await this.source.load();
    } catch (error) {
      throw new TollgateError('tenant_settings_unavailable', 'The source of tenants cannot be read.', {
        cause: error,
      });
    }
  }
}
