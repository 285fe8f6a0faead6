import { describe, expect, it } from '@jest/globals';
import { NO_LIMITS } from '@tollgate/domain';
import { hashConfig } from './config-hash.js';
import type { Tenant } from './tenant.js';

const TENANT: Omit<Tenant, 'configHash'> = {
  id: 'acme',
  defaultModel: 'a',
  fallbackModel: 'b',
  allowedModels: ['a', 'b'],
  allowExpensive: true,
  modelAliases: undefined,
  taskModels: undefined,
  limits: { budgetNanoUsd: 1, requestsPerMinute: 2, tokensPerMinute: 3, maxConcurrency: 4 },
  maxCostPerRequestNanoUsd: 5,
  runBudgetNanoUsd: 6,
  suspended: false,
  agents: new Map([
    ['x', { id: 'x', limits: NO_LIMITS }],
    ['y', { id: 'y', limits: { ...NO_LIMITS, budgetNanoUsd: 1 } }],
  ]),
};

describe('hashConfig', () => {
  it('stays what it was in earlier versions', () => {
    expect(hashConfig(TENANT)).toBe('2526b2ca3770');
  });

  it('does not depend on the order of properties, models or agents', () => {
    const reversed = Object.fromEntries(Object.entries(TENANT).reverse()) as unknown as typeof TENANT;
    const agents = new Map([...TENANT.agents].reverse());
    expect(hashConfig({ ...reversed, allowedModels: ['b', 'a'], agents })).toBe(hashConfig(TENANT));
  });

  const { limits } = TENANT;
  it.each<Partial<Tenant>>([
    { id: 'other' },
    { defaultModel: 'b' },
    { fallbackModel: 'a' },
    { allowedModels: ['a'] },
    { allowedModels: [] },
    { allowedModels: undefined },
    { allowExpensive: false },
    { modelAliases: new Map([['fast', 'a']]) },
    { taskModels: new Map([['fast', 'a']]) },
    { maxCostPerRequestNanoUsd: undefined },
    { maxCostPerRequestNanoUsd: 0 },
    { runBudgetNanoUsd: undefined },
    { suspended: true },
    { agents: new Map() },
    { agents: new Map([['x', { id: 'x', limits }]]) },
    { limits: { ...limits, budgetNanoUsd: 0 } },
    { limits: { ...limits, budgetNanoUsd: undefined } },
    { limits: { ...limits, maxConcurrency: 5 } },
  ])('tells a changed setting: %j', (change) => {
    expect(hashConfig({ ...TENANT, ...change })).not.toBe(hashConfig(TENANT));
  });
});
