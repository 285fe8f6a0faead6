import { afterEach, describe, expect, it } from '@jest/globals';
import { createServiceUser, migrate } from '@tollgate/database';
import { findEmbeddedFolder, getPostgresBinFolder } from '@tollgate/database/embedded';
import { createTestPool } from '@tollgate/database/testing';
import { startPostgres, type PostgresServer } from '@tollgate/dev-services';
import pg from 'pg';
import { draftOf, putOptions } from '../testing/draft-of.js';
import { archiveRaw, evictRaw } from '../testing/raw-archive.js';
import { PostgresCheckpointStore } from './postgres-checkpoint-store.js';

// The machine's own and the embedded default's: most often two major versions.
const binFolders = new Set([await getPostgresBinFolder(), findEmbeddedFolder() ?? '']);
binFolders.delete('');

describe('checkpoints on a server of its own, owned by somebody who is no superuser', () => {
  let server: PostgresServer | undefined;
  afterEach(() => server?.stop());

  it.each([...binFolders])('are kept, archived and read back, with the binaries in %s', async (binFolder) => {
    server = await startPostgres({ binFolder });
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query("CREATE ROLE owner LOGIN CREATEROLE PASSWORD 'o'");
    await admin.query('CREATE DATABASE owned OWNER owner');
    await admin.end();
    const url = Object.assign(new URL(server.url), { username: 'owner', password: 'o', pathname: '/owned' });
    const ran = await migrate(url.href);
    expect(ran).toContain('Checkpoints1764115200000');
    const gatewayUrl = await createServiceUser(url.href, 'tollgate_gateway', 'gateway', 'g');
    const offloaderUrl = await createServiceUser(url.href, 'tollgate_offloader', 'offloader', 'f');
    const [gateway, offloader, owner] = [gatewayUrl, offloaderUrl, url.href].map((each) =>
      createTestPool({ url: each }),
    );
    if (!gateway || !offloader || !owner) throw new Error('three pools');
    try {
      for (const pool of [gateway, owner]) {
        const store = new PostgresCheckpointStore(pool);
        const done = draftOf('{}', { status: 'completed' });
        const tenant = pool === owner ? 'owned' : 'acme';
        expect(await store.put(tenant, 'run', done, putOptions())).toMatchObject({ version: 1 });
        await archiveRaw(offloader, tenant, 'run', { sha256: done.contentHash, length: 7 });
        expect(await evictRaw(offloader, tenant, 'run')).toBe(true);
        expect(await store.get(tenant, 'run')).toMatchObject({ source: 'archive', head: { version: 1 } });
        expect(await store.put(tenant, 'run', done, putOptions())).toMatchObject({ version: 2 });
        expect(await store.delete(tenant, 'run')).toBe(2);
      }
      await gateway.query('SELECT tollgate_prepare_usage_months(now())');
    } finally {
      await Promise.all([gateway.end(), offloader.end(), owner.end()]);
    }
  });
});
