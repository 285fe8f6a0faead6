import { describe, expect, it } from '@jest/globals';
import { loadSettings } from '@tollgate/config';
import { modelRules } from './process-rules.js';

const ENV = { DATABASE_URL: 'postgres://localhost/none' };
const model = (id: string, modelProvider = 'openai') => ({ id, modelProvider, price: undefined });

describe('modelRules', () => {
  it.each([
    ['openai', 'OPENAI_ALLOWED_MODELS', 'anthropic'],
    ['anthropic', 'ANTHROPIC_ALLOWED_MODELS', 'openai'],
  ])('narrow down the models of %s alone by %s', (own, variable, other) => {
    const { isLetThrough } = modelRules(loadSettings({ ...ENV, [variable]: 'a-4o*,b3' }), model);
    const all = [model('a-4o-mini', own), model('b3', own), model('b3-mini', own), model('b3-mini', other)];
    expect(all.map(isLetThrough)).toEqual([true, true, false, true]);
    expect(modelRules(loadSettings(ENV), model).isLetThrough(model('b3-mini', own))).toBe(true);
  });

  it('find no model under a name with blanks or control characters, which a catalogue may forgive', () => {
    const { find } = modelRules(loadSettings(ENV), model);
    expect(['gpt-4o', ' gpt-4o', 'gpt-4o\n', ''].map((name) => find(name)?.id)).toEqual([
      'gpt-4o',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('take the threshold from the environment, and unpriced models outside strict mode', () => {
    const settings = loadSettings({ ...ENV, EXPENSIVE_MODEL_CENTS_PER_MILLION_TOKENS: '0' });
    expect(modelRules(settings, model)).toMatchObject({ expensiveAboveCents: 0, allowUnpriced: true });
    expect(modelRules(loadSettings(ENV), model).expensiveAboveCents).toBe(3000);
    expect(modelRules({ ...settings, strict: true }, model).allowUnpriced).toBe(false);
  });
});
