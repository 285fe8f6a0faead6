import { archiveFindings } from './archive-settings.js';
import type { Problem } from './configuration-error.js';
import { adapterFindings } from './model-provider-settings.js';
import { isPlainHttp } from './plain-http.js';
import type { Settings } from './settings.js';
import type { Environment } from './variables.js';

function budgetStoreFindings({ env, budgetStore }: Settings): Problem[] {
  if (budgetStore === 'redis' || env.BUDGET_STORE === 'memory') return [];
  return [
    {
      kind: 'store',
      variable: 'BUDGET_STORE',
      problem: 'REDIS_URL is not set, so budgets and limits would live in the memory of one process',
      remedy: 'Set REDIS_URL, or set BUDGET_STORE=memory to accept it',
    },
  ];
}

function vaultFindings({ env }: Settings): Problem[] {
  if (env.TENANT_LLM_CONFIG_SOURCE !== 'vault' || env.VAULT_ADDR === undefined) return [];
  if (!isPlainHttp(env.VAULT_ADDR) || env.STRICT_ACKNOWLEDGE.includes('plain-http')) return [];
  return [
    {
      kind: 'configuration',
      variable: 'VAULT_ADDR',
      problem: 'the token and the settings of tenants would travel over plain HTTP',
      remedy: 'Use https://, or add plain-http to STRICT_ACKNOWLEDGE to accept it',
    },
  ];
}

function policyFindings({ env, tenants }: Settings): Problem[] {
  const findings: Problem[] = [];
  if (env.BUDGET_FAILURE_MODE === 'open' && !env.STRICT_ACKNOWLEDGE.includes('fail-open')) {
    findings.push({
      kind: 'configuration',
      variable: 'BUDGET_FAILURE_MODE',
      problem: 'calls would pass without a budget while Redis is down',
      remedy: 'Set BUDGET_FAILURE_MODE=closed, or add fail-open to STRICT_ACKNOWLEDGE to accept it',
    });
  }
  if (env.TENANT_LLM_CONFIG_SOURCE === 'env' && tenants.every((tenant) => tenant.keyHashes.length === 0)) {
    findings.push({
      kind: 'configuration',
      variable: 'TENANT_<ID>_API_KEYS',
      problem: 'no tenant has a key, so every call would be refused',
      remedy: 'Set TENANT_<ID>_API_KEYS for a tenant, or TENANT_LLM_CONFIG_SOURCE=database',
    });
  }
  return findings;
}

/** What strict mode refuses and dev mode warns of: everything that would degrade silently. */
export function degradations(settings: Settings, isGiven: (name: keyof Environment) => boolean): Problem[] {
  return [
    ...budgetStoreFindings(settings),
    ...adapterFindings(settings, isGiven),
    ...vaultFindings(settings),
    ...archiveFindings(settings),
    ...policyFindings(settings),
  ];
}
