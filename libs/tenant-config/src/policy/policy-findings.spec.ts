import { describe, expect, it } from '@jest/globals';
import type { TenantPolicy } from './model-rules.js';
import { findPolicyFindings } from './policy-findings.js';

const RULES = {
  find: (id: string) => (id === 'mini' || id === 'large' ? { id, price: undefined } : undefined),
  isLetThrough: () => true,
  allowUnpriced: true,
  expensiveAboveCents: 0,
};

const TENANT: TenantPolicy = {
  defaultModel: 'mini',
  fallbackModel: 'mini',
  allowedModels: ['mini'],
  allowExpensive: false,
  modelAliases: new Map([
    ['good', 'mini'],
    ['secret-a', 'secret-b'],
    ['secret-b', 'secret-a'],
    ['secret-c', 'large'],
  ]),
  taskModels: new Map([
    ['planning', 'auto'],
    ['review', 'good'],
    ['execution', 'secret-model'],
  ]),
};

describe('findPolicyFindings', () => {
  it('names every alias and task model that no call can use, by its place and without a value', () => {
    const findings = findPolicyFindings(TENANT, RULES);
    expect(findings).toEqual([
      { setting: 'MODEL_ALIASES', problem: 'entry 2 leads to no model that can be called here' },
      { setting: 'MODEL_ALIASES', problem: 'entry 3 leads to no model that can be called here' },
      { setting: 'MODEL_ALIASES', problem: 'entry 4 leads to a model that the tenant may not use' },
      { setting: 'TASK_MODELS', problem: 'entry 1 leads to no model that can be called here' },
      { setting: 'TASK_MODELS', problem: 'entry 3 leads to no model that can be called here' },
    ]);
    expect(JSON.stringify(findings)).not.toContain('secret');
  });

  it('has nothing to say about a tenant without any', () => {
    expect(findPolicyFindings({ ...TENANT, modelAliases: undefined, taskModels: undefined }, RULES)).toEqual(
      [],
    );
  });
});
