import { describe, expect, it } from '@jest/globals';
import { inspectSettings, type RawEnvironment } from '@tollgate/config';
import { VaultError } from '@tollgate/tenant-config';
import { processPolicy } from '../../resolve/process-policy.js';
import type { Finding } from '../finding.js';
import { findingsOf } from '../testing/findings-of.js';
import { TenantLoader, type LoadedTenants } from './tenant-loader.js';
import { collectNamedModels } from './tenant-models.js';
import { TenantsCheck } from './tenants-check.js';

const KEY = 'a-tenant-key-of-32-characters-00';
const BASE = { OPENAI_API_KEY: 'sk-1', DATABASE_URL: 'postgres://localhost:1/nobody-connects' };

async function look(
  raw: RawEnvironment,
  change: (loaded: LoadedTenants) => LoadedTenants = (loaded) => loaded,
): Promise<readonly Finding[]> {
  const { settings } = inspectSettings({ ...BASE, ...raw });
  const loader = new TenantLoader(settings);
  const load = async (): Promise<LoadedTenants> => change(await loader.load());
  const findings = await findingsOf(new TenantsCheck({ settings, load, policy: processPolicy(settings) }));
  await loader.close();
  return findings;
}

describe('TenantsCheck', () => {
  it('counts tenants and keys', async () => {
    expect(await look({ TENANT_ACME_API_KEYS: `${KEY},${KEY}2`, TENANT_B_API_KEYS: `${KEY}3` })).toEqual([
      { level: 'ok', what: '2 tenant(s) with 3 key(s), from env.' },
    ]);
  });

  it('finds tenants without a key, and that there is none at all', async () => {
    const remedy = 'Make keys: npm run tollgate -- key create, or API_KEYS in the environment or in Vault.';
    const why = 'Nobody can call a model for them.';
    const some = await look({ TENANT_ACME_API_KEYS: KEY, TENANT_B_RATE_LIMIT: '1' });
    expect(some.slice(1)).toEqual([{ level: 'warning', what: '1 tenant(s) have no key: b.', why, remedy }]);
    expect((await look({})).slice(1)).toEqual([
      { level: 'warning', what: 'There is no tenant.', why, remedy },
    ]);
  });

  it('finds names that no call can use, which strict mode refuses', async () => {
    const env = { TENANT_ACME_API_KEYS: KEY, TENANT_ACME_MODEL_ALIASES: 'fast:gpt-4o,lost:no-such-model' };
    const what = 'Tenant acme: in MODEL_ALIASES, entry 2 leads to no model that can be called here.';
    const remedy = 'Let it lead to a model that GET /v1/models lists, or remove it.';
    expect((await look(env)).slice(1)).toEqual([
      { level: 'warning', what, why: 'Calls that name it are refused.', remedy },
    ]);
    expect((await look({ ...env, ENV: 'prod' })).slice(1)).toEqual([
      { level: 'error', what, why: 'Strict mode refuses to start with it.', remedy },
    ]);
  });

  it('passes on what the source says of single tenants', async () => {
    const remarks = ['1 finding(s) in the secrets of tenants: b (rate_limit: the value is not legal)'];
    const findings = await look({ TENANT_ACME_API_KEYS: KEY }, (loaded) => ({ ...loaded, remarks }));
    expect(findings.slice(1)).toEqual([
      {
        level: 'warning',
        what: `${remarks[0]}.`,
        why: 'A gateway that starts now does not serve these tenants, or not with these keys.',
        remedy: 'Correct their secrets.',
      },
    ]);
  });

  it('says that they cannot be read, and repeats no message but those of Vault', async () => {
    const fail = (error: Error) => (): never => {
      throw error;
    };
    const why = 'A gateway that starts now answers 503 tenant_settings_unavailable.';
    const refused = Object.assign(new Error('at s3cret.example'), { code: 'ECONNREFUSED' });
    expect(await look({}, fail(refused))).toEqual([
      {
        level: 'error',
        what: 'Tenants cannot be read: ECONNREFUSED.',
        why,
        remedy: 'Mend what the check of postgres names.',
      },
    ]);
    const vault = { TENANT_LLM_CONFIG_SOURCE: 'vault', VAULT_ADDR: 'http://127.0.0.1:1', VAULT_TOKEN: 't' };
    expect(await look(vault)).toEqual([
      {
        level: 'error',
        what: 'Tenants cannot be read: Vault cannot be reached (ECONNREFUSED).',
        why,
        remedy: 'Mend what the check of vault names.',
      },
    ]);
    expect(await look({}, fail(new VaultError('Vault answered 418')))).toMatchObject([
      { what: 'Tenants cannot be read: Vault answered 418.' },
    ]);
  });
});

describe('collectNamedModels', () => {
  it('follows names to models, by model provider, and leaves out patterns and what cannot be called', async () => {
    const { settings } = inspectSettings({
      ...BASE,
      TENANT_ACME_LLM_MODEL: 'fast',
      TENANT_ACME_LLM_FALLBACK_MODEL: 'none',
      TENANT_ACME_MODEL_ALIASES: 'fast:gpt-4o-mini,slow:claude-x',
      TENANT_ACME_TASK_MODELS: 'planning:unknown-model',
      TENANT_ACME_ALLOWED_MODELS: 'gpt-4o*,o3',
      TENANT_B_LLM_MODEL: 'gpt-4o-mini',
      TENANT_B_LLM_FALLBACK_MODEL: 'none',
    });
    const loader = new TenantLoader(settings);
    const { tenants } = await loader.load();
    await loader.close();
    const find = (name: string): { modelProvider: string } | undefined => {
      if (name.startsWith('gpt') || name === 'o3') return { modelProvider: 'openai' };
      return name.startsWith('claude') ? { modelProvider: 'anthropic' } : undefined;
    };
    expect(collectNamedModels(tenants, find)).toEqual(
      new Map([
        [
          'openai',
          new Map([
            ['gpt-4o-mini', ['acme', 'b']],
            ['o3', ['acme']],
          ]),
        ],
        ['anthropic', new Map([['claude-x', ['acme']]])],
      ]),
    );
  });
});
