import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, type Problem } from './configuration-error.js';
import { servedModelProviders } from './model-provider-settings.js';
import type { RawEnvironment } from './parse-environment.js';
import { inspectSettings, loadSettings } from './settings.js';

const KEY = 'a-tenant-key-of-32-characters-00';
/** The least that strict mode starts with. */
const COMPLETE = {
  ENV: 'prod',
  REDIS_URL: 'rediss://cache:6379',
  DATABASE_URL: 'postgres://db/tollgate',
  OPENAI_API_KEY: 'sk-1',
  ANTHROPIC_API_KEY: 'sk-ant-1',
  TENANT_ACME_API_KEYS: KEY,
};

const VAULT = { TENANT_LLM_CONFIG_SOURCE: 'vault', VAULT_TOKEN: 'hvs.1' };

function problemsOf(env: RawEnvironment): readonly Problem[] {
  try {
    loadSettings(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

const variablesOf = (problems: readonly Problem[]): string[] =>
  problems.map(({ variable }) => variable).sort();

describe('strict mode', () => {
  it.each(['prod', 'production'])(
    'lists every missing piece exactly once when nothing is set: ENV=%s',
    (ENV) => {
      const problems = problemsOf({ ENV });
      expect(variablesOf(problems)).toEqual([
        'BUDGET_STORE',
        'DATABASE_URL',
        'OPENAI_API_KEY',
        'TENANT_<ID>_API_KEYS',
      ]);
      expect(new ConfigurationError(problems).message).toBe(
        [
          'The configuration has 4 problem(s):',
          '  StoreConfigurationError DATABASE_URL: the ledger has no database. Set it to a Postgres URL; for a try-out, npm start brings its own.',
          '  StoreConfigurationError BUDGET_STORE: REDIS_URL is not set, so budgets and limits would live in the memory of one process. Set REDIS_URL, or set BUDGET_STORE=memory to accept it.',
          '  AdapterConfigurationError OPENAI_API_KEY: no model provider has a key, so the stub would answer in place of a model. Set it, or ANTHROPIC_API_KEY or COMPATIBLE_ENDPOINTS_FILE.',
          '  ConfigurationError TENANT_<ID>_API_KEYS: no tenant has a key, so every call would be refused. Set TENANT_<ID>_API_KEYS for a tenant, or TENANT_LLM_CONFIG_SOURCE=database.',
        ].join('\n'),
      );
    },
  );

  it('drops a finding that was acknowledged, and no other', () => {
    expect(variablesOf(problemsOf({ ENV: 'prod', BUDGET_STORE: 'memory' }))).toEqual([
      'DATABASE_URL',
      'OPENAI_API_KEY',
      'TENANT_<ID>_API_KEYS',
    ]);
  });

  it('starts with everything in place', () => {
    expect(loadSettings(COMPLETE)).toMatchObject({
      strict: true,
      budgetStore: 'redis',
      adapter: 'auto',
      host: '0.0.0.0',
      warnings: [],
    });
  });

  it.each<[string, RawEnvironment, string[]]>([
    ['a stub', { LLM_ADAPTER: 'stub' }, ['LLM_ADAPTER']],
    ['a missing key of the named adapter', { LLM_ADAPTER: 'openai', OPENAI_API_KEY: '' }, ['OPENAI_API_KEY']],
    [
      'a missing key of the other named adapter',
      { LLM_ADAPTER: 'claude', ANTHROPIC_API_KEY: '' },
      ['ANTHROPIC_API_KEY'],
    ],
    [
      'auto without any model provider',
      { LLM_ADAPTER: 'auto', OPENAI_API_KEY: '', ANTHROPIC_API_KEY: '', DEFAULT_LLM_MODEL: 'x' },
      ['OPENAI_API_KEY'],
    ],
    ["a missing key of the default model's provider", { ANTHROPIC_API_KEY: '' }, ['ANTHROPIC_API_KEY']],
    ["a missing key of the fallback model's provider", { OPENAI_API_KEY: '' }, ['OPENAI_API_KEY']],
    ['fail-open', { BUDGET_FAILURE_MODE: 'open' }, ['BUDGET_FAILURE_MODE']],
    ['plain HTTP off loopback', { OPENAI_BASE_URL: 'http://llm.internal/v1' }, ['OPENAI_BASE_URL']],
    [
      'plain HTTP off loopback to Anthropic',
      { ANTHROPIC_BASE_URL: 'http://llm.internal' },
      ['ANTHROPIC_BASE_URL'],
    ],
    [
      'tenants without keys',
      { TENANT_ACME_API_KEYS: undefined, TENANT_ACME_RATE_LIMIT: '1' },
      ['TENANT_<ID>_API_KEYS'],
    ],
    ['redis without its URL', { BUDGET_STORE: 'redis', REDIS_URL: '' }, ['REDIS_URL']],
    ['Vault without its address', VAULT, ['VAULT_ADDR']],
    [
      'Vault without a way to log in',
      { TENANT_LLM_CONFIG_SOURCE: 'vault', VAULT_ADDR: 'https://vault' },
      ['VAULT_TOKEN'],
    ],
    [
      'Vault with two ways to log in',
      { ...VAULT, VAULT_ADDR: 'https://vault', VAULT_K8S_ROLE: 'gateway' },
      ['VAULT_K8S_ROLE'],
    ],
    [
      'Vault with half an AppRole',
      { TENANT_LLM_CONFIG_SOURCE: 'vault', VAULT_ADDR: 'https://vault', VAULT_SECRET_ID: 's' },
      ['VAULT_ROLE_ID'],
    ],
    ['Vault over plain HTTP off loopback', { ...VAULT, VAULT_ADDR: 'http://vault:8200' }, ['VAULT_ADDR']],
    [
      'a path that is none of KV version 2',
      { ...VAULT, VAULT_ADDR: 'https://vault', VAULT_TENANT_PATH: 'secret/{tenant_id}' },
      ['VAULT_TENANT_PATH'],
    ],
    ['workers on budgets in memory', { BUDGET_STORE: 'memory', GATEWAY_WORKERS: '2' }, ['GATEWAY_WORKERS']],
  ])('refuses %s', (_, change, variables) => {
    expect(variablesOf(problemsOf({ ...COMPLETE, ...change }))).toEqual(variables);
  });

  it.each<[string, RawEnvironment, string]>([
    ['no Postgres URL', { DATABASE_URL: 'mysql://db/x' }, 'DATABASE_URL'],
    ['in a file that is not there', { DATABASE_URL: '', DATABASE_URL_FILE: '/missing' }, 'DATABASE_URL_FILE'],
    ['no Redis URL', { REDIS_URL: 'http://cache', GATEWAY_WORKERS: '2' }, 'REDIS_URL'],
    ['no Redis URL, with its store', { REDIS_URL: 'http://cache', BUDGET_STORE: 'redis' }, 'REDIS_URL'],
    ['no key', { OPENAI_API_KEY: 'sk\n1' }, 'OPENAI_API_KEY'],
  ])('has one problem with a variable that is %s', (_, change, variable) => {
    expect(variablesOf(problemsOf({ ...COMPLETE, ...change }))).toEqual([variable]);
  });

  it.each<[string, RawEnvironment]>([
    ['fail-open that is acknowledged', { BUDGET_FAILURE_MODE: 'open', STRICT_ACKNOWLEDGE: 'fail-open' }],
    [
      'plain HTTP that is acknowledged',
      { OPENAI_BASE_URL: 'http://llm/v1', STRICT_ACKNOWLEDGE: 'x, plain-http' },
    ],
    [
      'one model provider that has both default models',
      { ANTHROPIC_API_KEY: '', DEFAULT_LLM_MODEL: 'gpt-4o' },
    ],
    ['no fallback model', { OPENAI_API_KEY: '', DEFAULT_LLM_FALLBACK_MODEL: 'none' }],
    ['a named adapter with its key alone', { LLM_ADAPTER: 'claude', OPENAI_API_KEY: '' }],
    ['plain HTTP on loopback', { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }],
    ['tenants in Vault', { ...VAULT, TENANT_ACME_API_KEYS: '', VAULT_ADDR: 'https://vault' }],
    ['Vault over plain HTTP on loopback', { ...VAULT, VAULT_ADDR: 'http://localhost:8200' }],
    [
      'Vault over plain HTTP that is acknowledged',
      { ...VAULT, VAULT_ADDR: 'http://vault', STRICT_ACKNOWLEDGE: 'plain-http' },
    ],
    [
      'any VAULT_… variable while tenants come from elsewhere',
      { VAULT_ADDR: 'http://vault', VAULT_ROLE_ID: 'r' },
    ],
    ['tenants in the database', { TENANT_ACME_API_KEYS: '', TENANT_LLM_CONFIG_SOURCE: 'database' }],
  ])('accepts %s', (_, change) => {
    expect(problemsOf({ ...COMPLETE, ...change })).toEqual([]);
  });

  it('does not let one acknowledgement stand for another', () => {
    const change = { BUDGET_FAILURE_MODE: 'open', STRICT_ACKNOWLEDGE: 'plain-http' };
    expect(variablesOf(problemsOf({ ...COMPLETE, ...change }))).toEqual(['BUDGET_FAILURE_MODE']);
  });
});

describe('dev mode', () => {
  const risky = {
    DATABASE_URL: COMPLETE.DATABASE_URL,
    BUDGET_FAILURE_MODE: 'open',
    OPENAI_BASE_URL: 'http://llm.internal/v1',
  };

  it('starts with warnings that are the very findings of strict mode', () => {
    const { warnings, strict, host } = loadSettings(risky);
    expect({ strict, host }).toEqual({ strict: false, host: '127.0.0.1' });
    expect(warnings).toEqual(problemsOf({ ...risky, ENV: 'prod' }));
    expect(variablesOf(warnings)).toEqual([
      'BUDGET_FAILURE_MODE',
      'BUDGET_STORE',
      'OPENAI_API_KEY',
      'OPENAI_BASE_URL',
      'TENANT_<ID>_API_KEYS',
    ]);
  });

  it('answers with the stub and keeps budgets in memory when it has nothing else', () => {
    expect(loadSettings({ DATABASE_URL: COMPLETE.DATABASE_URL })).toMatchObject({
      adapter: 'stub',
      budgetStore: 'memory',
      checkpointStore: 'postgres',
    });
  });

  it('loses checkpoints at its end only where it is told to, strict mode included', () => {
    expect(loadSettings(COMPLETE).checkpointStore).toBe('postgres');
    expect(loadSettings({ ...COMPLETE, CHECKPOINT_STORE: 'memory' }).checkpointStore).toBe('memory');
  });

  it('still refuses what cannot work in any mode', () => {
    expect(variablesOf(problemsOf({ BUDGET_STORE: 'redis' }))).toEqual(['DATABASE_URL', 'REDIS_URL']);
    const workers = {
      DATABASE_URL: COMPLETE.DATABASE_URL,
      REDIS_URL: COMPLETE.REDIS_URL,
      GATEWAY_WORKERS: '2',
    };
    expect(variablesOf(problemsOf({ ...workers, CHECKPOINT_STORE: 'memory' }))).toEqual(['CHECKPOINT_STORE']);
  });
});

describe('servedModelProviders', () => {
  it.each<[RawEnvironment, string[]]>([
    [{}, ['openai', 'anthropic']],
    [{ OPENAI_API_KEY: '' }, ['anthropic']],
    [{ LLM_ADAPTER: 'openai' }, ['openai']],
    [{ LLM_ADAPTER: 'claude' }, ['anthropic']],
    [{ ENV: 'dev', LLM_ADAPTER: 'stub' }, []],
  ])('are those with a key, or the named one: %j', (change, names) => {
    const settings = loadSettings({ ...COMPLETE, DEFAULT_LLM_FALLBACK_MODEL: 'none', ...change });
    expect([...servedModelProviders(settings)]).toEqual(names);
  });
});

describe('GATEWAY_WORKERS', () => {
  it.each([
    ['1', 1],
    ['16', 16],
  ])('is a number: %s', (GATEWAY_WORKERS, workers) => {
    expect(loadSettings({ ...COMPLETE, GATEWAY_WORKERS }).workers).toBe(workers);
  });

  it('is one per core for auto', () => {
    expect(loadSettings({ ...COMPLETE, GATEWAY_WORKERS: 'auto' }).workers).toBeGreaterThan(0);
  });

  it.each(['0', '-1', '1000', 'many', '1.5'])('is nothing else: %s', (GATEWAY_WORKERS) => {
    expect(variablesOf(problemsOf({ ...COMPLETE, GATEWAY_WORKERS }))).toEqual(['GATEWAY_WORKERS']);
  });
});

describe('inspectSettings', () => {
  it('tells what cannot be read from what cannot work and from what strict mode refuses', () => {
    const r2 = { R2_BUCKET: 'b', R2_ACCESS_KEY_ID: 'id', R2_SECRET_ACCESS_KEY: 's' };
    const env = { PORT: 'eighty', R2_ENDPOINT: 'http://archive.example', ...r2 };
    const { settings, misread, contradictions } = inspectSettings(env);
    expect([misread, contradictions, settings.warnings].map(variablesOf)).toEqual([
      ['PORT'],
      ['DATABASE_URL'],
      ['BUDGET_STORE', 'OPENAI_API_KEY', 'R2_ENDPOINT', 'TENANT_<ID>_API_KEYS'],
    ]);
    expect(settings.env.PORT).toBe(8080);
  });

  it('has the same findings in strict mode', () => {
    expect(inspectSettings({ ENV: 'prod' }).settings.warnings).toEqual(inspectSettings({}).settings.warnings);
  });
});
