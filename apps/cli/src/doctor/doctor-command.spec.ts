import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@tollgate/database/testing';
import { findFreePort, startRedis, type RedisServer } from '@tollgate/dev-services';
import { inspectSettings, loadCommandLineSettings, loadSettings } from '@tollgate/config';
import { runCommandLine } from '../program.js';
import { spawnCommandLine, type Finished } from '../testing/spawn-command-line.js';
import { sendJson, startScriptedServer, type ScriptedServer } from './testing/scripted-server.js';

const SECRETS = ['sk-s3cret-upstream', 'a-s3cret-tenant-key-of-32-chars', 's3cret-password'];

describe('tollgate doctor', () => {
  let database: TestDatabase;
  let redis: RedisServer;
  let modelProvider: ScriptedServer;
  let complete: Record<string, string>;

  beforeAll(async () => {
    database = await createTestDatabase();
    redis = await startRedis({ appendOnly: true });
    modelProvider = await startScriptedServer((_, response) =>
      sendJson(response, 200, { object: 'list', data: [{ id: 'gpt-4o-mini', object: 'model' }] }),
    );
    complete = {
      ENV: 'prod',
      DATABASE_URL: database.gatewayUrl,
      REDIS_URL: redis.url,
      OPENAI_API_KEY: 'sk-s3cret-upstream',
      OPENAI_BASE_URL: `${modelProvider.url}/v1`,
      DEFAULT_LLM_MODEL: 'gpt-4o-mini',
      TENANT_ACME_API_KEYS: 'a-s3cret-tenant-key-of-32-chars',
    };
  });
  afterAll(async () => {
    await modelProvider.close();
    await redis.stop();
    await database.drop();
  });

  const run = (more: Readonly<Record<string, string>>, ...args: string[]): Promise<Finished> =>
    spawnCommandLine({ ...complete, ...more }, ['doctor', ...args]);
  const levelsOf = ({ out }: Finished): Record<string, string[]> => {
    const { findings } = JSON.parse(out) as { findings: { check: string; level: string }[] };
    const byCheck = Object.groupBy(findings, ({ check }) => check);
    return Object.fromEntries(
      Object.entries(byCheck).map(([check, found = []]) => [check, found.map(({ level }) => level)]),
    );
  };

  it('exits with 0 when all is well, and prints each check', async () => {
    const { code, out, err } = await run({}, '--strict-warnings');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.replace(/ \d+\.\S+ is reachable/g, ' V is reachable')).toBe(
      [
        'configuration',
        '  ok       Strict mode finds nothing missing and nothing degraded.',
        '',
        'postgres',
        '  ok       Postgres V is reachable.',
        "  ok       The clock of Postgres agrees with this machine's.",
        '  ok       The schema is up to date.',
        '  ok       The user has the rights that a gateway needs.',
        '',
        'redis',
        '  ok       Redis V is reachable.',
        '  ok       Redis evicts nothing (maxmemory-policy noeviction).',
        '  ok       Redis keeps its data (AOF).',
        "  ok       The clock of Redis agrees with this machine's.",
        '  ok       Redis runs scripts on the keys of Tollgate.',
        '',
        'tenants',
        '  ok       1 tenant(s) with 1 key(s), from env.',
        '',
        'openai',
        '  ok       The key works; it can see 1 model(s).',
        '',
        '12 ok, 0 warning(s), 0 error(s)',
        '',
      ].join('\n'),
    );
  });

  it('exits with 1 for warnings only when they are to be strict', async () => {
    const env = { DEFAULT_LLM_MODEL: 'gpt-4o', ENV: 'dev', BUDGET_FAILURE_MODE: 'open' };
    const strict = await run(env, '--json', '--strict-warnings');
    // The scripted list answers for a single model too, so that gpt-4o is seen.
    expect(levelsOf(strict)).toEqual({
      configuration: ['warning'],
      postgres: ['ok', 'ok', 'ok', 'ok'],
      redis: ['ok', 'ok', 'ok', 'ok', 'ok'],
      tenants: ['ok'],
      openai: ['ok'],
    });
    expect([strict.code, (await run(env)).code]).toEqual([1, 0]);
  });

  it('exits with 2 for errors, and looks at the rest all the same', async () => {
    const env = {
      DATABASE_URL: `postgres://someone:s3cret-password@127.0.0.1:${await findFreePort()}/x`,
      TENANT_LLM_CONFIG_SOURCE: 'database',
      BUDGET_FAILURE_MODE: 'open',
      R2_BUCKET: 'b',
    };
    const finished = await run(env, '--json');
    expect({ code: finished.code, err: finished.err, levels: levelsOf(finished) }).toEqual({
      code: 2,
      err: '',
      levels: {
        configuration: ['error', 'error', 'error', 'error'],
        postgres: ['error'],
        redis: ['ok', 'ok', 'ok', 'ok', 'ok'],
        archive: ['error'],
        tenants: ['error'],
        openai: ['ok'],
      },
    });
    expect(JSON.parse(finished.out)).toMatchObject({
      findings: expect.arrayContaining([
        {
          check: 'configuration',
          level: 'error',
          what: 'BUDGET_FAILURE_MODE: calls would pass without a budget while Redis is down.',
          why: 'Strict mode refuses to start with it.',
          remedy: 'Set BUDGET_FAILURE_MODE=closed, or add fail-open to STRICT_ACKNOWLEDGE to accept it.',
        },
        { check: 'openai', level: 'ok', what: expect.any(String), why: null, remedy: null },
      ]),
      ok: 6,
      warnings: 0,
      errors: 7,
    });
    for (const secret of SECRETS) expect(finished.out).not.toContain(secret);
  });

  it('exits with 78 when the configuration cannot be read, and asks nobody anything', async () => {
    const before = modelProvider.requests.length;
    const { code, out } = await run({ PORT: 'eighty-s3cret', REDIS_URL: 's3cret-password' });
    expect({ code, out }).toEqual({
      code: 78,
      out: [
        'configuration',
        '  error    PORT: the value is not legal.',
        '           Why: No gateway starts with it.',
        '           Do:  Set it to: whole number, 0 to 65535.',
        '  error    REDIS_URL: the value is not legal.',
        '           Why: No gateway starts with it.',
        '           Do:  Set it to: URL (`redis://` or `rediss://`).',
        '',
        '0 ok, 0 warning(s), 2 error(s)',
        '',
      ].join('\n'),
    });
    expect(modelProvider.requests).toHaveLength(before);
  });

  it('ends, although a server takes connections and never answers', async () => {
    const silent = await startRedis();
    silent.pause();
    const finished = await run({ REDIS_URL: silent.url }, '--json', '--timeout', '1');
    silent.resume();
    await silent.stop();
    expect(finished.code).toBe(2);
    expect(levelsOf(finished)).toMatchObject({ redis: ['error'], postgres: ['ok', 'ok', 'ok', 'ok'] });
  });

  it.each([
    { args: [], isTTY: true, isColoured: true },
    { args: ['--no-color'], isTTY: true, isColoured: false },
    { args: [], isTTY: false, isColoured: false },
  ])('colours the levels: $isColoured, with $args on a terminal: $isTTY', async (given) => {
    const out: string[] = [];
    const surroundings = {
      streams: {
        out: { isTTY: given.isTTY, write: (text: string) => out.push(text) },
        err: { write: () => undefined },
      },
      loadSettings: () => loadCommandLineSettings({}),
      loadGatewaySettings: () => loadSettings({}),
      inspectSettings: () => inspectSettings({ PORT: 'x' }),
    };
    expect(await runCommandLine(['doctor', ...given.args], surroundings)).toBe(78);
    const level = given.isColoured ? '\u001b[31merror  \u001b[39m' : 'error  ';
    expect(out.join('').split('\n')[1]).toBe(`  ${level}  PORT: the value is not legal.`);
  });
});
