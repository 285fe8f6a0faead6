import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, createTestPool, type TestDatabase } from '@tollgate/database/testing';
import { NO_TOKENS, systemClock, uuidV7 } from '@tollgate/domain';
import { PostgresLedger, type UsageEvent } from '@tollgate/stores';
import { DatabaseTenantSource, TenantDirectory } from '@tollgate/tenant-config';
import { spawnCommandLine, type Finished } from './testing/spawn-command-line.js';

const NOVEMBER = Date.UTC(2026, 10, 20);

function usageEvent(more: Partial<UsageEvent>): UsageEvent {
  return {
    requestId: uuidV7(NOVEMBER),
    attempt: 0,
    tenantId: 'acme',
    keyId: 'k1',
    agentId: null,
    runId: null,
    taskType: null,
    modelAsked: 'gpt-4o',
    model: 'gpt-4o',
    modelProvider: 'openai',
    ...NO_TOKENS,
    inputTokens: 100,
    outputTokens: 10,
    costNanoUsd: 350_000,
    priceVersion: 'v1',
    status: 'completed',
    errorCode: null,
    usageSource: 'reported',
    streamed: false,
    latencyMs: 1,
    firstTokenMs: null,
    configHash: 'c0ffee',
    ...more,
  };
}

describe('tollgate', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  const run = (...args: readonly string[]): Promise<Finished> =>
    spawnCommandLine({ DATABASE_URL: database.url, TENANT_LLM_CONFIG_SOURCE: 'database' }, args);
  const runJson = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
    const { code, out, err } = await run(...args, '--json');
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    return JSON.parse(out) as Record<string, unknown>;
  };
  const knows = async (secret: string): Promise<boolean> => {
    const limits = { budgetNanoUsd: 0, requestsPerMinute: 0, tokensPerMinute: 0, maxConcurrency: 0 };
    const source = new DatabaseTenantSource(pool, { defaultModel: 'a', fallbackModel: 'b', limits });
    const onError = (error: unknown): void => expect(error).toBeUndefined();
    const directory = new TenantDirectory({ source, clock: systemClock, onError });
    await directory.refresh();
    return directory.findPrincipal(secret) !== undefined;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createTestPool(database);
  });

  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('takes a tenant from its creation to its bill', async () => {
    const settings = [
      '--budget-cents',
      '2500',
      '--rate-limit',
      '0',
      '--model',
      'gpt-4o',
      '--run-budget-cents',
      '7',
    ];
    expect(
      await runJson(
        'tenant',
        'create',
        'acme',
        ...settings,
        '--allowed-models',
        'gpt-4o, o3',
        '--model-aliases',
        'fastModel:gpt-4o',
      ),
    ).toEqual({
      id: 'acme',
      default_model: 'gpt-4o',
      fallback_model: null,
      allowed_models: ['gpt-4o', 'o3'],
      allow_expensive: null,
      model_aliases: { fastModel: 'gpt-4o' },
      task_models: null,
      limits: {
        budget_nano_usd: 25_000_000_000,
        requests_per_minute: 0,
        tokens_per_minute: null,
        max_concurrency: null,
      },
      max_cost_per_request_nano_usd: null,
      run_budget_nano_usd: 70_000_000,
      suspended_at_ms: null,
      created_at_ms: expect.any(Number),
    });
    expect(await runJson('agent', 'create', 'acme', 'planner', '--budget-cents', '100')).toMatchObject({
      tenant_id: 'acme',
      id: 'planner',
      limits: { budget_nano_usd: 1_000_000_000 },
    });
    const shown = await run('tenant', 'show', 'acme');
    expect(shown.out).toMatch(/^SETTING\tVALUE\nid\tacme\nstatus\tactive\nbudget per month\t\$25\n/);
    expect(shown.out).toMatch(/\nagent planner\t\$1 per month\n$/);

    const created = await run(
      'key',
      'create',
      'acme',
      '--agent',
      'planner',
      '--name',
      'ci',
      '--expires-in-days',
      '90',
    );
    expect(created.err).toBe('Keep the secret now: it is not stored and cannot be shown again.\n');
    const [, id = '', secret = ''] =
      /^KEY\tSECRET\tEXPIRES\n(\w{12})\t(tg_\S+)\t\S+Z\n$/.exec(created.out) ?? [];
    expect(await knows(secret)).toBe(true);

    const listed = await run('key', 'list', 'acme');
    expect(listed.out).toContain(`${id}\tactive\tci\tplanner\t`);
    expect(listed.out + listed.err).not.toContain(secret.slice(-43));

    expect(await runJson('key', 'revoke', secret)).toMatchObject({ id, revoked_at_ms: expect.any(Number) });
    expect(await knows(secret)).toBe(false);
    expect((await run('key', 'list', 'acme')).out).toContain(`${id}\trevoked\t`);

    await new PostgresLedger(pool).append([
      usageEvent({ agentId: 'planner' }),
      usageEvent({ agentId: 'planner', requestId: uuidV7(NOVEMBER + 1) }),
      usageEvent({ model: 'o3', costNanoUsd: 5 }),
      usageEvent({ requestId: uuidV7(Date.UTC(2026, 9, 31)) }),
    ]);
    expect((await run('usage', 'acme', '--month', '2026-11')).out).toBe(
      [
        'AGENT\tMODEL\tCALLS\tINPUT TOKENS\tOUTPUT TOKENS\tCOST',
        'planner\tgpt-4o\t2\t200\t20\t$0.0007',
        '-\to3\t1\t100\t10\t$0.000000005',
        'TOTAL\t\t3\t300\t30\t$0.000700005',
        'BUDGET\t\t\t\t\t$25',
        '',
      ].join('\n'),
    );
    expect(await runJson('usage', 'acme', '--month', '2026-11')).toMatchObject({
      tenant_id: 'acme',
      month: '2026-11',
      budget_nano_usd: 25_000_000_000,
      spent_nano_usd: 700_005,
      lines: [
        { agent_id: 'planner', cost_nano_usd: 700_000 },
        { agent_id: null, cost_nano_usd: 5 },
      ],
    });
  }, 120_000);

  it('lists tenants page by page', async () => {
    await run('tenant', 'create', 'zeta-1');
    await run('tenant', 'create', 'zeta-2');
    const first = await run('tenant', 'list', '--limit', '1', '--after', 'zeta');
    expect(first).toEqual({
      code: 0,
      out:
        'TENANT\tSTATUS\tBUDGET/MONTH\tREQUESTS/MIN\tTOKENS/MIN\tCONCURRENCY\tMODEL\n' +
        'zeta-1\tactive\tdefault\tdefault\tdefault\t-\tdefault\n',
      err: 'There are more: --after zeta-1\n',
    });
    expect(await runJson('tenant', 'list', '--after', 'zeta-1')).toMatchObject({
      items: [{ id: 'zeta-2' }],
      next_after: null,
    });
  });

  it('exits with 2 on wrong usage', async () => {
    const { code, out, err } = await run('tenant', 'create', 'zoe', '--budget-cents', '1.5');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(
      "error: option '--budget-cents <n>' argument '1.5' is invalid. It must be a whole number from 0 to 900000000.\n" +
        'Add --help to see how it is used.\n',
    );
  });

  it('refuses a tenant that exists', async () => {
    await run('tenant', 'create', 'once');
    expect(await run('tenant', 'create', 'once')).toMatchObject({
      code: 1,
      out: '',
      err: 'There is a tenant with this id already.\n',
    });
  });

  it('reports the usage of tenants that live in the environment', async () => {
    const { code, out, err } = await run('usage', 'from-env', '--month', '2026-11');
    expect({ code, last: out.split('\n').at(-2) }).toEqual({ code: 0, last: 'BUDGET\t\t\t\t\tunknown' });
    expect(err).toContain('not in the database');
  });

  it('explains itself with examples', async () => {
    const helps = await Promise.all([run('--help'), run('key', 'create', '--help')]);
    for (const { code, out, err } of helps) {
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('Examples:\n  npm run tollgate -- ');
    }
  });
});

describe('tollgate on a database', () => {
  it('hints that gateways read the environment while they do', async () => {
    const database = await createTestDatabase();
    const { code, err } = await spawnCommandLine({ DATABASE_URL: database.url }, [
      'tenant',
      'create',
      'acme',
    ]);
    expect(code).toBe(0);
    expect(err).toContain('TENANT_LLM_CONFIG_SOURCE=database');
    await database.drop();
  });

  it('takes the URL from a file, asks for the schema and makes it', async () => {
    const database = await createTestDatabase();
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await admin.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await admin.end();
    const folder = await mkdtemp(join(tmpdir(), 'tollgate-'));
    await writeFile(join(folder, 'url'), `${database.url}\n`);
    const run = (...args: string[]): Promise<Finished> =>
      spawnCommandLine({ DATABASE_URL_FILE: join(folder, 'url') }, args);

    expect(await run('tenant', 'list')).toMatchObject({
      code: 1,
      err: expect.stringContaining('-- migrate" first'),
    });
    expect(await run('migrate')).toMatchObject({ code: 0, out: expect.stringMatching(/^MIGRATION\n\w+\n/) });
    expect(await run('migrate')).toEqual({
      code: 0,
      out: 'MIGRATION\n',
      err: 'The schema was up to date already.\n',
    });
    expect(await run('tenant', 'list', '--json')).toMatchObject({
      code: 0,
      out: '{\n  "items": [],\n  "next_after": null\n}\n',
    });
    await rm(folder, { recursive: true });
    await database.drop();
  });

  it('exits with 78 when there is none, or two, or no file', async () => {
    const url = 'postgres://u:s3cret-password@localhost/x';
    const environments = [
      {},
      { DATABASE_URL: url, DATABASE_URL_FILE: '/nowhere' },
      { DATABASE_URL_FILE: '/nowhere' },
      { DATABASE_URL: 's3cret-password' },
    ];
    const finished = await Promise.all(environments.map((env) => spawnCommandLine(env, ['tenant', 'list'])));
    expect(finished.map(({ code, err }) => [code, err])).toEqual(
      [
        'DATABASE_URL: the command has no database. Set it to a Postgres URL, or DATABASE_URL_FILE to a file that holds one.',
        'DATABASE_URL: both DATABASE_URL and DATABASE_URL_FILE are set. Keep one of them.',
        'DATABASE_URL_FILE: the file cannot be read. Check that it exists and is readable by this user.',
        'DATABASE_URL: the value is not legal. Set it to: URL (`postgres://` or `postgresql://`).',
      ].map((line, i) => [
        78,
        `ConfigurationError: The configuration has 1 problem(s):\n  ${i === 0 ? 'Store' : ''}ConfigurationError ${line}\n`,
      ]),
    );
  });

  it('exits with 1 when it cannot be reached, and prints nothing of its URL', async () => {
    const DATABASE_URL = 'postgres://someone:s3cret-password@localhost:1/x';
    for (const command of [['tenant', 'list'], ['migrate']]) {
      const { code, out, err } = await spawnCommandLine({ DATABASE_URL }, command);
      expect({ code, out, err }).toEqual({
        code: 1,
        out: '',
        err: 'The database cannot be reached (ECONNREFUSED). Check DATABASE_URL.\n',
      });
    }
  });
});
