import type { Settings } from '@tollgate/config';
import { createTenantSource, type TenantRecords, type TenantSource } from '@tollgate/tenant-config';
import type { Pool } from 'pg';
import { createCheckPool } from '../postgres/postgres-check.js';

/** All tenants, and what their source said of single ones. */
export interface LoadedTenants extends TenantRecords {
  /** Names and places, never values. */
  readonly remarks: readonly string[];
}

/** Reads all tenants once, for every check that wants them. */
export class TenantLoader {
  #loaded: Promise<LoadedTenants> | undefined;
  #pool: Pool | undefined;
  #source: TenantSource | undefined;

  constructor(private readonly settings: Settings) {}

  /** False when tenants live in a database that has no address. */
  get canLoad(): boolean {
    const { TENANT_LLM_CONFIG_SOURCE: source, DATABASE_URL: url } = this.settings.env;
    return source !== 'database' || url !== undefined;
  }

  load(): Promise<LoadedTenants> {
    return (this.#loaded ??= this.#read());
  }

  /** Cuts what is still being read. */
  async close(): Promise<void> {
    await this.#source?.close();
    await this.#pool?.end();
  }

  async #read(): Promise<LoadedTenants> {
    if (!this.canLoad) throw new Error('the tenants have no database');
    const remarks: string[] = [];
    this.#pool = createCheckPool(this.settings.env.DATABASE_URL ?? '');
    this.#source = createTenantSource(this.settings, this.#pool, (remark) => {
      if (remark instanceof Error) remarks.push(remark.message);
    });
    return { ...(await this.#source.load()), remarks };
  }
}
