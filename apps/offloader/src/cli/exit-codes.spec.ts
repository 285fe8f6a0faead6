import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { FakeR2 } from '@tollgate/fake-r2';
import { S3ArchiveStore } from '@tollgate/stores';
import { claimBucket } from '../bucket/marker.js';
import { environmentOf } from '../testing/fake-archive.js';
import { OffloadWorld } from '../testing/offload-world.js';
import { runCommand, type Finished, type ProcessEnvironment } from '../testing/spawn.js';

// Each test starts several processes.
jest.setTimeout(90_000);

describe('a command of the offloader', () => {
  let r2: FakeR2;
  let world: OffloadWorld;
  let env: ProcessEnvironment;

  beforeAll(async () => {
    r2 = await FakeR2.start();
    world = await OffloadWorld.create();
    env = environmentOf(r2, world.offloaderUrl);
  });
  afterAll(async () => {
    await world.close();
    await r2.stop();
  });

  const run = (...args: readonly string[]): Promise<Finished> => runCommand(env, ...args);

  it('exits with 2 on wrong usage, and says what is wrong', async () => {
    for (const [args, message] of [
      [
        ['run', '--older-than', '-1'],
        "error: option '--older-than <days>' argument '-1' is invalid. It must be a whole number from 0 to 36500.",
      ],
      [
        ['scrub', '--subset', '3/2'],
        "error: option '--subset <part/parts>' argument '3/2' is invalid. It must be a part such as 1/30, of at most 10000.",
      ],
      [['restore', 'run-1'], "error: required option '--tenant <id>' not specified"],
      [
        ['alarms', '--clear', 'all'],
        "error: option '--clear [id]' takes the id of an alarm, as `alarms` lists it",
      ],
      [['evikt'], "error: unknown command 'evikt'\n(Did you mean evict?)"],
    ] as const)
      expect(await run(...args)).toEqual({
        code: 2,
        out: '',
        err: `${message}\nAdd --help to see how it is used.\n`,
      });
  });

  it('exits with 78 without settings, and on a bucket that belongs to another database', async () => {
    const { code, err } = await runCommand({}, 'status');
    expect({ code, first: err.split('\n')[0] }).toEqual({
      code: 78,
      first: 'ConfigurationError: The configuration has 5 problem(s):',
    });
    const foreign = await FakeR2.start({ bucket: 'theirs', limitsWrites: false });
    const store = new S3ArchiveStore({
      endpoint: foreign.url,
      bucket: 'theirs',
      ...foreign.credentials,
      timeoutMs: 2000,
    });
    await claimBucket(store, '00000000-0000-4000-8000-000000000000');
    for (const command of ['run', 'status']) {
      const refused = await runCommand({ ...env, R2_ENDPOINT: foreign.url, R2_BUCKET: 'theirs' }, command);
      expect(refused).toMatchObject({ code: 78, out: '' });
      expect(refused.err).toMatch(/^ForeignBucketError: The archive belongs to another database: /);
    }
    await store.close();
    await foreign.stop();
  });

  it('exits with 1 when Postgres or the archive cannot be reached, and prints no secret', async () => {
    const password = 's3cret-password';
    expect(
      await runCommand({ ...env, DATABASE_URL: `postgres://u:${password}@127.0.0.1:1/x` }, 'status'),
    ).toEqual({
      code: 1,
      out: '',
      err: 'The database cannot be reached (ECONNREFUSED). Check DATABASE_URL.\n',
    });
    const denied = await runCommand({ ...env, R2_SECRET_ACCESS_KEY: password }, 'scrub');
    expect(denied).toEqual({
      code: 1,
      out: '',
      err: 'ArchiveStoreError denied: The archive answered 403 (Unknown).\n',
    });
  });

  it('explains each command', async () => {
    const commands = 'run status evict scrub fsck reindex compact gc restore verify alarms quarantine'.split(
      ' ',
    );
    const { out } = await run('--help');
    for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command} .*[a-z]`, 'm'));
    expect(await run('run', '--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('--dry-run'),
    });
  });
});
