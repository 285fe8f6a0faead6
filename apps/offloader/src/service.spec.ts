import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeR2 } from '@tollgate/fake-r2';
import { claimBucket } from './bucket/marker.js';
import { eventually } from './testing/eventually.js';
import { archiveIn, environmentOf } from './testing/fake-archive.js';
import { OffloadWorld } from './testing/offload-world.js';
import { OffloaderProcess, runDaemonToExit, type ProcessEnvironment } from './testing/spawn.js';
import { VERSION } from './version.js';

// Each test starts processes, and waits for what they do.
jest.setTimeout(90_000);

const component = (status: 'up' | 'down'): object => ({ status, latency_ms: expect.any(Number) });

async function read(url: string, path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url + path);
  return { status: response.status, body: await response.json() };
}

/** Values of metrics without their prefix, zeros left out. */
async function scrape(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const samples = [...text.matchAll(/^tollgate_offloader_(\S+) (\S+)$/gm)];
  return Object.fromEntries(
    samples.map(([, name = '', value]) => [name, Number(value)] as const).filter(([, value]) => value !== 0),
  );
}

describe('the offloader as a service', () => {
  let r2: FakeR2;
  let world: OffloadWorld;
  let env: ProcessEnvironment;
  let offloader: OffloaderProcess | undefined;

  beforeEach(async () => {
    r2 = await FakeR2.start({ limitsWrites: false });
    world = await OffloadWorld.create(archiveIn(r2));
    env = {
      ...environmentOf(r2, world.offloaderUrl),
      OFFLOADER_INTERVAL_SECONDS: '1',
      HEALTH_CHECK_TIMEOUT_SECONDS: '2',
    };
  });
  afterEach(async () => {
    await offloader?.stop('SIGKILL');
    offloader = undefined;
    await world.close();
    await r2.stop();
  });

  const start = async (more: ProcessEnvironment = {}): Promise<OffloaderProcess> =>
    (offloader = await OffloaderProcess.start({ ...env, ...more }));
  const logged = (text: string): number =>
    (offloader?.log ?? []).filter((line) => line.includes(text)).length;

  it('archives, evicts, and says so in its metrics, its health and its log', async () => {
    await world.seed('acme', 30, 10);
    await world.seed('acme', 5, 4, 'young-');
    const { url } = await start();
    await eventually(
      () => world.count(),
      (counts) => expect(counts).toMatchObject({ live: 5, archived: 5, queued: 0, evicted: 30, packs: 1 }),
    );
    await eventually(
      () => read(url, '/health'),
      ({ body }) =>
        expect(body).toEqual({
          status: 'healthy',
          timestamp: expect.any(String),
          version: VERSION,
          components: { database: component('up'), r2: component('up'), alarms: component('up') },
        }),
    );
    expect(await read(url, '/health/ready')).toMatchObject({
      status: 200,
      body: { details: { offloader: { status: 'up' } } },
    });
    expect(await scrape(url)).toMatchObject({
      archived_checkpoints_total: 35,
      evicted_checkpoints_total: 30,
      packs_total: 1,
      'packs{state="verified"}': 1,
      'pack_bytes{kind="all"}': expect.any(Number),
      'archive_operations_total{operation="put",outcome="ok"}': 3,
      'archive_operations_total{operation="delete",outcome="ok"}': 1,
      'archive_bytes_total{direction="up"}': expect.any(Number),
      'archive_bytes_total{direction="down"}': expect.any(Number),
    });
    expect(await offloader?.stop()).toBe(0);
    expect(logged('"step":"round"')).toBe(1);
    expect(offloader?.log.join('\n')).not.toMatch(/fake-secret-key|step_outputs/);
  });

  it('does no work while its credentials are refused, is not ready, and goes on by itself', async () => {
    r2.faults.add({ fault: { kind: 'error', code: 'AccessDenied' } });
    await world.seed('acme', 3, 10);
    const { url } = await start();
    await eventually(
      () => read(url, '/health/ready'),
      (answer) =>
        expect(answer).toMatchObject({
          status: 503,
          body: { details: { offloader: { reason: 'paused: the archive refuses our credentials' } } },
        }),
    );
    expect(await world.count()).toMatchObject({ archived: 0, queued: 3 });
    expect(await scrape(url)).toMatchObject({ paused: 1, 'queue_checkpoints{state="due"}': 3 });
    expect((await read(url, '/health/live')).status).toBe(200);
    r2.faults.clear();
    await eventually(
      () => world.count(),
      (counts) => expect(counts).toMatchObject({ evicted: 3 }),
    );
    expect((await read(url, '/health/ready')).status).toBe(200);
    expect(await scrape(url)).not.toHaveProperty('paused');
    expect([logged('all work is paused'), logged('work goes on')]).toEqual([1, 1]);
  });

  it('refuses a bucket that belongs to another database, and touches nothing in it', async () => {
    await claimBucket(world.archive, '00000000-0000-4000-8000-000000000000');
    await world.seed('acme', 3, 10);
    const { url } = await start();
    await eventually(
      () => read(url, '/health/ready'),
      (answer) =>
        expect(answer).toMatchObject({
          status: 503,
          body: { details: { offloader: { reason: 'paused: the archive belongs to another database' } } },
        }),
    );
    expect((await world.archive.list('checkpoints/')).keys).toEqual(['checkpoints/.tollgate/owner.json']);
    expect(await world.count()).toMatchObject({ live: 3, archived: 0 });
  });

  it('is not ready while the archive is away, and is once it is back', async () => {
    const { url } = await start({ ARCHIVE_TIMEOUT_SECONDS: '1', OFFLOADER_INTERVAL_SECONDS: '3600' });
    await eventually(
      () => read(url, '/health/ready'),
      ({ status }) => expect(status).toBe(200),
    );
    await r2.stop();
    await eventually(
      () => read(url, '/health/ready'),
      (answer) =>
        expect(answer).toMatchObject({
          status: 503,
          body: { details: { offloader: { reason: 'r2 is down' } } },
        }),
    );
    expect(await read(url, '/health')).toMatchObject({
      body: { status: 'unhealthy', components: { r2: component('down'), database: component('up') } },
    });
    await r2.restart();
    await eventually(
      () => read(url, '/health/ready'),
      ({ status }) => expect(status).toBe(200),
    );
  });

  it('evicts nothing after a loss, says which object is gone, and stays degraded until an operator clears it', async () => {
    await world.seed('acme', 3, 4);
    const { url } = await start();
    await eventually(
      () => world.count(),
      (counts) => expect(counts).toMatchObject({ archived: 3 }),
    );
    const { rows } = await world.pool.query<{ key: string }>('SELECT key FROM archive_packs');
    const key = rows[0]?.key ?? '';
    await world.archive.delete(key);
    await world.pool.query("UPDATE archive_entries SET updated_at = now() - interval '8 days'");
    await eventually(
      () => read(url, '/health'),
      ({ body }) =>
        expect(body).toMatchObject({ status: 'degraded', components: { alarms: component('down') } }),
    );
    expect((await read(url, '/health/ready')).status).toBe(200);
    expect(await scrape(url)).toMatchObject({ open_alarms: 1, damaged_packs_total: 1 });
    expect(await world.count()).toMatchObject({ live: 3, evicted: 0 });
    expect(logged(key)).toBe(1);
    await world.alarms.clear();
    await world.pool.query("UPDATE archive_packs SET state = 'lost'");
    await eventually(
      () => read(url, '/health'),
      ({ body }) => expect(body).toMatchObject({ status: 'healthy' }),
    );
  });

  it.each([
    ['ends the pack under way on SIGTERM, when there is time', '20', { live: 3, archived: 3, queued: 0 }],
    ['gives its claims back on SIGTERM, when there is none', '0', { live: 3, archived: 0, queued: 3 }],
  ])('%s', async (_, drainSeconds, counts) => {
    await world.seed('acme', 3, 4);
    const slow = { kind: 'slow', pieces: 10, delayMs: 100 } as const;
    r2.faults.add({ fault: slow, on: ['GetObject'], keyPattern: 'ndjson' });
    await start({ DRAIN_TIMEOUT_SECONDS: drainSeconds });
    await eventually(
      () => world.pool.query('SELECT FROM checkpoint_offloads WHERE owner IS NOT NULL'),
      ({ rowCount }) => expect(rowCount).toBe(3),
    );
    await eventually(
      async () =>
        r2.log.entries.filter(({ operation, key }) => operation === 'PutObject' && key.includes('ndjson')),
      (puts) => expect(puts).toHaveLength(1),
    );
    expect(await offloader?.stop()).toBe(0);
    expect(await world.count()).toMatchObject(counts);
    const { rowCount } = await world.pool.query('SELECT FROM checkpoint_offloads WHERE owner IS NOT NULL');
    expect(rowCount).toBe(0);
  });

  it('shares the work with other replicas, and archives nothing twice', async () => {
    await world.seed('acme', 2500, 10);
    await world.seed('globex', 500, 10);
    const replicas = await Promise.all([OffloaderProcess.start(env), OffloaderProcess.start(env)]);
    await eventually(
      () => world.count(),
      (counts) => expect(counts).toMatchObject({ live: 0, entries: 3000, evicted: 3000 }),
    );
    const scrapes = await Promise.all(replicas.map(({ url }) => scrape(url)));
    const sum = (name: string): number => scrapes.reduce((total, values) => total + (values[name] ?? 0), 0);
    expect([sum('archived_checkpoints_total'), sum('evicted_checkpoints_total')]).toEqual([3000, 3000]);
    expect(await Promise.all(replicas.map((replica) => replica.stop()))).toEqual([0, 0]);
  });
});

describe('an offloader that must not start', () => {
  it('names every missing piece in strict mode, exits with 78 and prints no value', async () => {
    const { code, err } = await runDaemonToExit({ ENV: 'prod', CHECKPOINT_RETENTION_DAYS: '1' });
    expect(code).toBe(78);
    const missing = (variable: string): string =>
      `  StoreConfigurationError ${variable}: there is no archive. Set it, or CHECKPOINT_ARCHIVE_FOLDER for an archive in a folder.`;
    expect(err).toBe(
      [
        'The configuration has 6 problem(s):',
        '  StoreConfigurationError DATABASE_URL: there are no checkpoints without a database. Set it to a Postgres URL; beside npm start, on its embedded one, it is found by itself.',
        missing('R2_ENDPOINT'),
        missing('R2_BUCKET'),
        missing('R2_ACCESS_KEY_ID'),
        missing('R2_SECRET_ACCESS_KEY'),
        '  StoreConfigurationError CHECKPOINT_RETENTION_DAYS: checkpoints would be due for eviction before they are archived. Set it to CHECKPOINT_OFFLOAD_OLDER_THAN_DAYS or more.',
        '',
      ].join('\n'),
    );
  });

  it('refuses an archive over plain HTTP, and a user who owns the tables, in strict mode only', async () => {
    const world = await OffloadWorld.create();
    const env = { DATABASE_URL: world.databaseUrl, CHECKPOINT_ARCHIVE_FOLDER: '/tmp/tollgate-nowhere' };
    const owner = await runDaemonToExit({ ...env, ENV: 'prod' });
    expect(owner).toEqual({
      code: 78,
      out: '',
      err:
        'The configuration has 1 problem(s):\n' +
        '  StoreConfigurationError DATABASE_URL: row-level security does not bind its user (superuser, BYPASSRLS, owner of the tables). ' +
        'Make one with CREATE ROLE <user> LOGIN PASSWORD <password> IN ROLE tollgate_offloader, and connect as it; ' +
        'or add database-owner to STRICT_ACKNOWLEDGE to accept it.\n',
    });
    const r2 = { R2_BUCKET: 'b', R2_ACCESS_KEY_ID: 'i', R2_SECRET_ACCESS_KEY: 's' };
    const plain = await runDaemonToExit({
      ...r2,
      ENV: 'prod',
      DATABASE_URL: world.offloaderUrl,
      R2_ENDPOINT: 'http://r2.example',
    });
    expect({ code: plain.code, err: plain.err }).toEqual({
      code: 78,
      err:
        'The configuration has 1 problem(s):\n' +
        '  StoreConfigurationError R2_ENDPOINT: archived checkpoints would travel over plain HTTP. Use https://, or add plain-http to STRICT_ACKNOWLEDGE to accept it.\n',
    });
    await world.close();
  });

  it('says that migrations are pending, and that its user lacks its group', async () => {
    const world = await OffloadWorld.create();
    const folder = { CHECKPOINT_ARCHIVE_FOLDER: '/tmp/tollgate-nowhere' };
    const { gatewayUrl } = world;
    expect(await runDaemonToExit({ ...folder, DATABASE_URL: gatewayUrl })).toMatchObject({
      code: 78,
      err: expect.stringContaining('its user is not a member of tollgate_offloader'),
    });
    await world.pool.query(
      'DELETE FROM tollgate_migrations WHERE id = (SELECT max(id) FROM tollgate_migrations)',
    );
    expect(await runDaemonToExit({ ...folder, DATABASE_URL: world.offloaderUrl })).toEqual({
      code: 1,
      out: '',
      err: 'The offloader cannot start: the database lacks migrations: run "npm run tollgate -- migrate", or set MIGRATE_ON_START=true\n',
    });
    await world.close();
  });
});
