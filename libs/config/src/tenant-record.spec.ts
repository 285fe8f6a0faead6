import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Problem } from './configuration-error.js';
import { parseTenantRecord } from './tenant-record.js';
import { parseTenantVariables, type TenantVariables } from './tenant-variables.js';

const SHA256 = createHash('sha256').update('a key').digest('hex');

function parse(record: Record<string, unknown>): { tenant: TenantVariables; problems: Problem[] } {
  const problems: Problem[] = [];
  return { tenant: parseTenantRecord('acme', record, problems), problems };
}

const TEXTS = {
  llm_model: 'gpt-4o',
  llm_fallback_model: 'none',
  allowed_models: 'gpt-4o*,o3',
  model_aliases: 'fast:gpt-4o-mini,tuned:ft:gpt-4o:org::1',
  task_models: 'planning:fast',
  rate_limit: '600',
  tokens_per_minute: '0',
  max_concurrency: '8',
  budget_cents: '900000000',
  max_cost_per_request: '25',
  allow_expensive: 'true',
  api_keys: `sha256:${SHA256}`,
};

describe('parseTenantRecord', () => {
  it('reads just what the variables of the same name would say', () => {
    const env = Object.fromEntries(
      Object.entries(TEXTS).map(([field, text]) => [`TENANT_ACME_${field.toUpperCase()}`, text]),
    );
    const problems: Problem[] = [];
    expect(parse(TEXTS)).toEqual({ tenant: parseTenantVariables(env, problems)[0], problems: [] });
    expect(problems).toEqual([]);
  });

  it('takes JSON values as well as texts', () => {
    const values = {
      ...TEXTS,
      allowed_models: ['gpt-4o*', 'o3'],
      model_aliases: { fast: 'gpt-4o-mini', tuned: 'ft:gpt-4o:org::1' },
      task_models: { planning: 'fast' },
      rate_limit: 600,
      tokens_per_minute: 0,
      max_concurrency: 8,
      budget_cents: 900_000_000,
      max_cost_per_request: 25,
      allow_expensive: true,
      api_keys: [`sha256:${SHA256}`],
    };
    expect(parse(values)).toEqual(parse(TEXTS));
  });

  it('counts null and empty texts as unset', () => {
    expect(parse({ rate_limit: null, llm_model: '' })).toEqual({
      tenant: { id: 'acme', keyHashes: [] },
      problems: [],
    });
  });

  it.each<[string, unknown]>([
    ['budget', 1],
    ['BUDGET_CENTS', 1],
    ['api_keys_file', '/etc/passwd'],
    ['__proto__x', 1],
    ['budget_cents', 1.5],
    ['budget_cents', -1],
    ['budget_cents', 1e21],
    ['budget_cents', [5]],
    ['rate_limit', true],
    ['allow_expensive', 'yes'],
    ['allowed_models', ['a,b']],
    ['allowed_models', [1]],
    ['model_aliases', { 'a:b': 'c' }],
    ['model_aliases', { a: 'b,c:d' }],
    ['model_aliases', { a: { b: 'c' } }],
    ['model_aliases', { auto: 'gpt-4o' }],
    ['api_keys', ['sha256:secret-but-no-hash']],
    ['api_keys', [`sha256:${SHA256}`, `sha256:${SHA256}`]],
  ])('has a problem with %s: %j, and names the field alone', (field, value) => {
    const { problems } = parse({ [field]: value });
    expect(problems.map(({ variable }) => variable)).toEqual([field]);
    expect(JSON.stringify(problems)).not.toContain('secret-but');
    expect(JSON.stringify(problems)).not.toContain(SHA256);
  });
});
