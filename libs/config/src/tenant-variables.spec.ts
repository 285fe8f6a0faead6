import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Problem } from './configuration-error.js';
import type { RawEnvironment } from './parse-environment.js';
import { parseTenantVariables, type TenantVariables } from './tenant-variables.js';

const KEY = 'a-tenant-key-of-32-characters-00';
const OTHER_KEY = 'another-key-of-32-characters-000';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function parse(env: RawEnvironment): { tenants: TenantVariables[]; problems: Problem[] } {
  const problems: Problem[] = [];
  return { tenants: parseTenantVariables(env, problems), problems };
}

describe('tenant variables', () => {
  it('are read by their suffixes, the longest first', () => {
    const env = {
      TENANT_ACME_LLM_MODEL: 'gpt-4o',
      TENANT_ACME_LLM_FALLBACK_MODEL: 'gpt-4o-mini',
      TENANT_ACME_ALLOWED_MODELS: 'gpt-4o, gpt-4o-mini',
      TENANT_ACME_RATE_LIMIT: '600',
      TENANT_ACME_TOKENS_PER_MINUTE: '0',
      TENANT_ACME_MAX_CONCURRENCY: '8',
      TENANT_ACME_BUDGET_CENTS: '900000000',
      TENANT_ACME_MAX_COST_PER_REQUEST: '25',
      TENANT_ACME_ALLOW_EXPENSIVE: 'false',
      TENANT_ACME_MODEL_ALIASES: 'fast:gpt-4o-mini',
      TENANT_ACME_TASK_MODELS: 'planning:fast',
      TENANT_ACME_API_KEYS: `${KEY},sha256:${sha256(OTHER_KEY)}`,
    };
    expect(parse(env)).toEqual({
      problems: [],
      tenants: [
        {
          id: 'acme',
          keyHashes: [sha256(KEY), sha256(OTHER_KEY)],
          LLM_MODEL: 'gpt-4o',
          LLM_FALLBACK_MODEL: 'gpt-4o-mini',
          ALLOWED_MODELS: ['gpt-4o', 'gpt-4o-mini'],
          RATE_LIMIT: 600,
          TOKENS_PER_MINUTE: 0,
          MAX_CONCURRENCY: 8,
          BUDGET_CENTS: 900_000_000,
          MAX_COST_PER_REQUEST: 25,
          ALLOW_EXPENSIVE: false,
          MODEL_ALIASES: new Map([['fast', 'gpt-4o-mini']]),
          TASK_MODELS: new Map([['planning', 'fast']]),
        },
      ],
    });
  });

  it('name tenants in lower case, with - for _', () => {
    const env = { TENANT_ACME_EU_2_RATE_LIMIT: '1', TENANT_7_LLM_MODEL: 'm', TENANT_ACME_LLM_MODEL: 'm' };
    expect(parse(env).tenants.map(({ id }) => id)).toEqual(['7', 'acme-eu-2', 'acme']);
    expect(parse(env).problems).toEqual([]);
  });

  it.each([
    'TENANT_ACME_RATELIMIT',
    'TENANT_ACME',
    'TENANT_RATE_LIMIT',
    'TENANT__RATE_LIMIT',
    'TENANT_acme_RATE_LIMIT',
    'TENANT_A-B_RATE_LIMIT',
    'TENANT_A__B_RATE_LIMIT',
    'TENANT_ACME_KEYS_FILE',
    `TENANT_${'A'.repeat(64)}_RATE_LIMIT`,
  ])('that nobody knows are an error: %s', (variable) => {
    expect(parse({ [variable]: '1' })).toMatchObject({
      tenants: [],
      problems: [
        { variable, problem: 'no such tenant setting', remedy: expect.stringContaining('RATE_LIMIT') },
      ],
    });
  });

  it('leave TENANT_LLM_CONFIG_SOURCE and variables of others alone', () => {
    expect(parse({ TENANT_LLM_CONFIG_SOURCE: 'env', TENANTS_X: '1', PATH: '/bin' })).toEqual({
      tenants: [],
      problems: [],
    });
  });

  it.each([
    ['RATE_LIMIT', '-1'],
    ['RATE_LIMIT', '1.5'],
    ['RATE_LIMIT', 'many'],
    ['BUDGET_CENTS', '900000001'],
    ['BUDGET_CENTS', '$5'],
    ['MAX_COST_PER_REQUEST', '900000001'],
    ['MAX_CONCURRENCY', '1e3'],
    ['ALLOW_EXPENSIVE', 'TRUE'],
    ['MODEL_ALIASES', 'fast'],
    ['MODEL_ALIASES', 'auto:gpt-4o'],
    ['TASK_MODELS', 'planning=gpt-4o'],
  ])('with a bad value are an error: %s=%s', (suffix, raw) => {
    const variable = `TENANT_ACME_${suffix}`;
    expect(parse({ [variable]: raw })).toMatchObject({
      tenants: [],
      problems: [{ variable, problem: 'the value is not legal' }],
    });
  });

  it('count as unset when they are empty', () => {
    expect(parse({ TENANT_ACME_RATE_LIMIT: '', TENANT_ACME_API_KEYS: '' })).toEqual({
      tenants: [],
      problems: [],
    });
  });

  it('keep 0 apart from unset', () => {
    expect(parse({ TENANT_ACME_BUDGET_CENTS: '0' }).tenants).toEqual([
      { id: 'acme', keyHashes: [], BUDGET_CENTS: 0 },
    ]);
  });
});

describe('tenant keys', () => {
  it('can come from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-config-'));
    writeFileSync(join(folder, 'keys'), `${KEY}, ${OTHER_KEY}\n`);
    expect(parse({ TENANT_ACME_API_KEYS_FILE: join(folder, 'keys') })).toEqual({
      problems: [],
      tenants: [{ id: 'acme', keyHashes: [sha256(KEY), sha256(OTHER_KEY)] }],
    });
    rmSync(folder, { recursive: true });
  });

  it('in a file count once beside an empty variable, and both at once are one problem', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-config-'));
    const path = join(folder, 'keys');
    writeFileSync(path, KEY);
    expect(parse({ TENANT_ACME_API_KEYS: '', TENANT_ACME_API_KEYS_FILE: path })).toEqual({
      problems: [],
      tenants: [{ id: 'acme', keyHashes: [sha256(KEY)] }],
    });
    expect(parse({ TENANT_ACME_API_KEYS: OTHER_KEY, TENANT_ACME_API_KEYS_FILE: path })).toEqual({
      problems: [
        {
          kind: 'configuration',
          variable: 'TENANT_ACME_API_KEYS',
          problem: 'both TENANT_ACME_API_KEYS and TENANT_ACME_API_KEYS_FILE are set',
          remedy: 'Keep one of them',
        },
      ],
      tenants: [],
    });
    rmSync(folder, { recursive: true });
  });

  it('are taken as hashes in either case', () => {
    const { tenants } = parse({ TENANT_ACME_API_KEYS: `sha256:${sha256(KEY).toUpperCase()}` });
    expect(tenants[0]?.keyHashes).toEqual([sha256(KEY)]);
  });

  it.each([
    ['short', 'too-short'],
    ['blank inside', 'a key with blanks in it'],
    ['not ASCII', 'schlüssel-mit-umlauten'],
    ['half a hash', `sha256:${sha256(KEY).slice(1)}`],
    ['no hash at all', 'sha256:0123456789abcdef-not-a-hash'],
  ])('that are no keys are an error without the key: %s', (_, raw) => {
    const { tenants, problems } = parse({ TENANT_ACME_API_KEYS: `${KEY},${raw}` });
    expect(tenants[0]?.keyHashes).toEqual([sha256(KEY)]);
    expect(problems).toMatchObject([{ variable: 'TENANT_ACME_API_KEYS' }]);
    expect(JSON.stringify(problems)).not.toContain(raw);
  });

  it.each([
    ['of two tenants', { TENANT_ACME_API_KEYS: KEY, TENANT_GLOBEX_API_KEYS: KEY }, 'TENANT_GLOBEX_API_KEYS'],
    ['of one tenant', { TENANT_ACME_API_KEYS: `${KEY},${KEY}` }, 'TENANT_ACME_API_KEYS'],
    [
      'plain and hashed',
      { TENANT_ACME_API_KEYS: KEY, TENANT_GLOBEX_API_KEYS: `sha256:${sha256(KEY)}` },
      'TENANT_GLOBEX_API_KEYS',
    ],
  ])('that stand twice are an error: %s', (_, env: RawEnvironment, variable) => {
    const { problems } = parse(env);
    expect(problems).toMatchObject([{ variable, problem: 'a key stands twice (also for tenant acme)' }]);
  });
});
