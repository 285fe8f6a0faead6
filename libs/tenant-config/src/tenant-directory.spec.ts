import { once, EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@tollgate/domain';
import { createApiKey } from './api-key.js';
import { DatabaseTenantSource } from './database/database-tenant-source.js';
import { TenantAdmin } from './database/tenant-admin.js';
import { openTenantDatabase, type TenantDatabase } from './testing/tenant-database.js';
import { TenantDirectory } from './tenant-directory.js';
import { TenantSource, type TenantRecords } from './tenant-source.js';
import { TEST_DEFAULTS } from './tenant-source.conformance.js';

/** Tells when the source was asked and when it has answered with new records. */
class ObservedSource extends TenantSource {
  readonly events = new EventEmitter();
  loads = 0;

  constructor(private readonly source: TenantSource) {
    super();
  }

  async version(): Promise<string> {
    const version = await this.source.version();
    this.events.emit('version');
    return version;
  }

  async load(): Promise<TenantRecords> {
    const records = await this.source.load();
    this.loads += 1;
    this.events.emit('load');
    return records;
  }
}

describe('TenantDirectory', () => {
  let database: TenantDatabase;
  let admin: TenantAdmin;
  let source: ObservedSource;
  let directory: TenantDirectory;
  let errors: unknown[];

  beforeEach(async () => {
    database = await openTenantDatabase();
    admin = new TenantAdmin(database.pool);
    source = new ObservedSource(new DatabaseTenantSource(database.pool, TEST_DEFAULTS));
    errors = [];
    directory = new TenantDirectory({ source, clock: systemClock, onError: (error) => errors.push(error) });
    await admin.createTenant({ id: 'acme' });
  });

  afterEach(async () => {
    await directory.stop();
    await database.close();
    expect(errors).toEqual([]);
  });

  /** Makes a change and answers after how many ms the directory has loaded it by itself. */
  const timeUntilLoaded = async (change: () => Promise<unknown>): Promise<number> => {
    const startedAt = performance.now();
    const loaded = once(source.events, 'load');
    await change();
    await loaded;
    await setImmediate();
    return performance.now() - startedAt;
  };

  it('has an edit in force within a second', async () => {
    await directory.start();
    const elapsedMs = await timeUntilLoaded(() =>
      database.pool.query("UPDATE tenants SET requests_per_minute = 7 WHERE id = 'acme'"),
    );
    expect(directory.findTenant('acme')?.limits.requestsPerMinute).toBe(7);
    expect(elapsedMs).toBeLessThan(1000);
  });

  it('takes a new key and refuses it again within a second of its revocation', async () => {
    await directory.start();
    let issued = '';
    await timeUntilLoaded(async () => (issued = (await admin.createKey('acme')).secret));
    const principal = directory.findPrincipal(issued);
    expect(principal?.tenant.id).toBe('acme');
    expect(await timeUntilLoaded(() => admin.revokeKey(principal?.key.id ?? ''))).toBeLessThan(1000);
    expect(directory.findPrincipal(issued)).toBeUndefined();
  });

  it('loads only when something has changed', async () => {
    await directory.start();
    await once(source.events, 'version');
    await once(source.events, 'version');
    expect(source.loads).toBe(1);
  });

  it('knows nobody before it has loaded, and no key or tenant it was not told of', async () => {
    const { secret } = await admin.createKey('acme');
    expect(directory.isLoaded).toBe(false);
    expect(directory.findPrincipal(secret)).toBeUndefined();
    expect(directory.listTenants()).toEqual([]);
    await directory.start();
    expect(directory.findPrincipal(secret)).toBeDefined();
    expect(directory.findPrincipal(createApiKey().secret)).toBeUndefined();
    expect(directory.findTenant('globex')).toBeUndefined();
  });
});
