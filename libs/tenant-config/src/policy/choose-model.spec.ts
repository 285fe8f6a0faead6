import { describe, expect, it } from '@jest/globals';
import type { Price } from '@tollgate/domain';
import { chooseModel } from './choose-model.js';
import type { ModelRules, PolicyModel, TenantPolicy } from './model-rules.js';

function priced(usdPerMillionOutput: number): Price {
  const [input, output] = [usdPerMillionOutput * 250_000, usdPerMillionOutput * 1_000_000];
  return [
    {
      aboveInputTokens: -1,
      input,
      cachedInput: input,
      cacheWrite: input,
      inputAudio: input,
      output,
      outputAudio: output,
    },
  ];
}

const PRICES: Readonly<Record<string, Price | undefined>> = {
  large: priced(10),
  mini: priced(1),
  pro: priced(31),
  limit: priced(30),
  free: undefined,
  barred: priced(1),
};

const RULES: ModelRules<PolicyModel> = {
  find: (id) => (Object.hasOwn(PRICES, id) ? { id, price: PRICES[id] } : undefined),
  isLetThrough: ({ id }) => id !== 'barred',
  allowUnpriced: false,
  expensiveAboveCents: 3000,
};

const TENANT: TenantPolicy = {
  defaultModel: 'large',
  fallbackModel: 'mini',
  allowedModels: undefined,
  allowExpensive: false,
  modelAliases: undefined,
  taskModels: undefined,
};

const ask = (model: string, taskType: string | null = null): { model: string; taskType: string | null } => ({
  model,
  taskType,
});

/** The outcome in short: model and fallback, or the code of the error. */
function outcome(
  model: string,
  tenant: Partial<TenantPolicy> = {},
  {
    taskType = null,
    rules = {},
  }: { taskType?: string | null; rules?: Partial<ModelRules<PolicyModel>> } = {},
): string {
  try {
    const choice = chooseModel(ask(model, taskType), { ...TENANT, ...tenant }, { ...RULES, ...rules });
    return `${choice.model.id}, then ${choice.fallback?.id ?? 'nothing'}`;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('a model that is named', () => {
  it('is the model, with the reasons in order', () => {
    expect(chooseModel(ask('large'), TENANT, RULES)).toEqual({
      model: { id: 'large', price: PRICES['large'] },
      fallback: { id: 'mini', price: PRICES['mini'] },
      steps: ["The tenant may use any model, so it may use 'large'.", "The fallback model is 'mini'."],
    });
  });

  it.each([
    ['unknown', 'nope', {}, 'model_not_found'],
    ['unknown, though every object has it', 'constructor', {}, 'model_not_found'],
    ['not let through by the operator', 'barred', {}, 'model_not_allowed'],
    ['not let through, whatever the tenant allows', 'barred', { allowedModels: ['*'] }, 'model_not_allowed'],
    ['outside the allowed models', 'large', { allowedModels: ['mini', 'pro*'] }, 'model_not_allowed'],
    ['outside an empty list', 'large', { allowedModels: [] }, 'model_not_allowed'],
    ['without a price', 'free', {}, 'model_not_priced'],
    ['expensive', 'pro', {}, 'model_not_allowed'],
    ['expensive, though its name is allowed', 'pro', { allowedModels: ['pro'] }, 'model_not_allowed'],
  ])('is refused, never replaced, when it is %s', (_, model, tenant, code) => {
    expect(outcome(model, tenant)).toBe(code);
  });

  it('may match a pattern of the allowed models', () => {
    expect(outcome('large', { allowedModels: ['x', 'lar*'] })).toBe('large, then nothing');
  });

  it('may be expensive when the tenant may use such, and is not at the threshold itself', () => {
    expect(outcome('pro', { allowExpensive: true })).toBe('pro, then mini');
    expect(outcome('limit')).toBe('limit, then mini');
    expect(outcome('limit', {}, { rules: { expensiveAboveCents: 2999 } })).toBe('model_not_allowed');
  });

  it('may have no price outside strict mode, and says so', () => {
    const { steps } = chooseModel(ask('free'), TENANT, { ...RULES, allowUnpriced: true });
    expect(steps).toContain("'free' has no known price and is called at no cost.");
  });
});

describe('an alias', () => {
  const modelAliases = new Map([
    ['fast', 'quick'],
    ['quick', 'mini'],
    ['large', 'mini'],
    ['best', 'pro'],
    ['gone', 'nope'],
    ['usual', 'auto'],
    ['a', 'b'],
    ['b', 'a'],
    ['self', 'self'],
  ]);

  it('is followed to its model, step by step', () => {
    expect(chooseModel(ask('fast'), { ...TENANT, modelAliases }, RULES).steps).toEqual([
      "'fast' is an alias for 'quick'.",
      "'quick' is an alias for 'mini'.",
      "The tenant may use any model, so it may use 'mini'.",
      "There is no fallback: 'mini' is the fallback model itself.",
    ]);
  });

  it('wins over a model of the same name, and may stand for auto', () => {
    expect(outcome('large', { modelAliases })).toBe('mini, then nothing');
    expect(outcome('usual', { modelAliases: new Map([['usual', 'auto']]) })).toBe('large, then mini');
  });

  it('opens no model that the tenant may not use, and the error names the way there', () => {
    const tenant = { ...TENANT, modelAliases, allowedModels: ['fast', 'quick', 'large'] };
    expect(() => chooseModel(ask('fast'), tenant, RULES)).toThrow(
      "This tenant may not use the model 'mini' (fast → quick → mini).",
    );
    expect(() => chooseModel(ask('best'), { ...TENANT, modelAliases }, RULES)).toThrow(
      "The model 'pro' (best → pro) is expensive, and this tenant may not use expensive models.",
    );
    expect(() => chooseModel(ask('gone'), { ...TENANT, modelAliases }, RULES)).toThrow(
      "The model 'nope' (gone → nope) does not exist here.",
    );
  });

  it.each(['a', 'self'])('that leads back to itself is no model: %s', (name) => {
    expect(outcome(name, { modelAliases })).toBe('model_not_found');
  });

  it('names the way of a loop', () => {
    expect(() => chooseModel(ask('a'), { ...TENANT, modelAliases }, RULES)).toThrow(
      "The names of the model never end: 'a' (a → b → a).",
    );
  });

  it('chain ends after ten names', () => {
    const chain = new Map(Array.from({ length: 20 }, (_, i) => [`n${i}`, `n${i + 1}`]));
    expect(outcome('n12', { modelAliases: chain.set('n20', 'mini') })).toBe('mini, then nothing');
    expect(outcome('n0', { modelAliases: chain })).toBe('model_not_found');
  });
});

describe('auto', () => {
  it("is the tenant's model", () => {
    expect(outcome('auto')).toBe('large, then mini');
    expect(outcome('auto', {}, { taskType: 'execution' })).toBe('large, then mini');
  });

  it.each([
    ['the cheaper of model and fallback model', {}, 'mini, then nothing'],
    [
      'the model, when that is the cheaper one',
      { defaultModel: 'mini', fallbackModel: 'large' },
      'mini, then large',
    ],
    [
      'the model, when the fallback model may not be used',
      { allowedModels: ['large'] },
      'large, then nothing',
    ],
    ['the fallback model, when the model may not be used', { allowedModels: ['mini'] }, 'mini, then nothing'],
    ['the model, when there is no fallback model', { fallbackModel: 'none' }, 'large, then nothing'],
    ['refused like the model, when neither may be used', { allowedModels: [] }, 'model_not_allowed'],
  ])('is for planning %s', (_, tenant, expected) => {
    expect(outcome('auto', tenant, { taskType: 'planning' })).toBe(expected);
  });

  it("is the tenant's choice for the task type before all else, and refused when that may not be used", () => {
    const taskModels = new Map([
      ['planning', 'large'],
      ['review', 'pro'],
    ]);
    expect(outcome('auto', { taskModels }, { taskType: 'planning' })).toBe('large, then mini');
    expect(outcome('auto', { taskModels }, { taskType: 'review' })).toBe('model_not_allowed');
    expect(outcome('auto', { taskModels }, { taskType: 'execution' })).toBe('large, then mini');
  });

  it('has nothing to do with the task type of a request that names its model', () => {
    expect(outcome('large', { taskModels: new Map([['planning', 'mini']]) }, { taskType: 'planning' })).toBe(
      'large, then mini',
    );
  });

  it('says why', () => {
    const taskModels = new Map([['review', 'large']]);
    const why = (taskType: string | null): unknown =>
      chooseModel(ask('auto', taskType), { ...TENANT, taskModels }, RULES).steps[0];
    expect([why(null), why('planning'), why('review')]).toEqual([
      "'auto' is 'large', the tenant's model.",
      "'auto' is 'mini': 'planning' goes to the cheapest that may be used of the tenant's model and its fallback model.",
      "'auto' is 'large', the tenant's choice for tasks of type 'review'.",
    ]);
  });

  it.each<[string, Partial<TenantPolicy>]>([
    ['its own model', { defaultModel: 'auto', fallbackModel: 'auto' }],
    ['an alias of it', { defaultModel: 'x', modelAliases: new Map([['x', 'auto']]) }],
    ['its own task', { taskModels: new Map([['planning', 'auto']]) }],
  ])('ends when it is %s', (_, tenant) => {
    expect(outcome('auto', { ...tenant, fallbackModel: 'auto' }, { taskType: 'planning' })).toBe(
      'model_not_found',
    );
  });
});

describe('the fallback model', () => {
  it('may be an alias', () => {
    const tenant = { fallbackModel: 'fast', modelAliases: new Map([['fast', 'mini']]) };
    expect(outcome('large', tenant)).toBe('large, then mini');
  });

  it.each([
    ['none', 'There is no fallback: the tenant wants none.'],
    ['large', "There is no fallback: 'large' is the fallback model itself."],
    [
      'pro',
      "There is no fallback: The model 'pro' is expensive, and this tenant may not use expensive models.",
    ],
    ['nope', "There is no fallback: The model 'nope' does not exist here."],
  ])('is left out when it cannot take the place: %s', (fallbackModel, step) => {
    const choice = chooseModel(ask('large'), { ...TENANT, fallbackModel }, RULES);
    expect(choice.fallback).toBeUndefined();
    expect(choice.steps.at(-1)).toBe(step);
  });
});
