import { describe, expect, it } from '@jest/globals';
import { NO_LIMITS } from '@tollgate/domain';
import { describeSettings } from './effective-settings.js';
import { TEST_DEFAULTS } from './tenant-source.conformance.js';
import { completeTenant, type TenantSettings } from './tenant-settings.js';

const BARE: TenantSettings = {
  id: 'acme',
  defaultModel: undefined,
  fallbackModel: undefined,
  allowedModels: undefined,
  allowExpensive: undefined,
  modelAliases: undefined,
  taskModels: undefined,
  limits: NO_LIMITS,
  maxCostPerRequestNanoUsd: undefined,
  runBudgetNanoUsd: undefined,
};

describe('the description of settings', () => {
  it.each([
    ['none of its own', BARE],
    [
      'a zero and a false of its own',
      { ...BARE, allowExpensive: false, limits: { ...NO_LIMITS, budgetNanoUsd: 0 } },
    ],
  ])('says what gateways make of a tenant with %s', (_, own) => {
    const tenant = completeTenant(own, { suspended: false, agents: [] }, TEST_DEFAULTS);
    const values = Object.entries(describeSettings(own, TEST_DEFAULTS)).map(([name, { value }]) => [
      name,
      value,
    ]);
    const { limits, ...rest } = tenant;
    expect({ ...rest, ...limits }).toMatchObject(Object.fromEntries(values) as object);
    expect(values).toHaveLength(Object.keys(BARE).length - 2 + Object.keys(NO_LIMITS).length);
  });

  it('tells what is set to nothing from what is not set', () => {
    const own = { ...BARE, allowExpensive: false, limits: { ...NO_LIMITS, budgetNanoUsd: 0 } };
    expect(describeSettings(own, TEST_DEFAULTS)).toMatchObject({
      allowExpensive: { value: false, isOwn: true },
      budgetNanoUsd: { value: 0, isOwn: true },
      requestsPerMinute: { value: TEST_DEFAULTS.limits.requestsPerMinute, isOwn: false },
      defaultModel: { value: TEST_DEFAULTS.defaultModel, isOwn: false },
    });
  });
});
