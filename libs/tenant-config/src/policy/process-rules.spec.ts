import { describe, expect, it } from '@jest/globals';
import { loadSettings } from '@tollgate/config';
import { modelRules } from './process-rules.js';

const ENV = { DATABASE_URL: 'postgres://localhost/none' };
const model = (id: string, modelProvider = 'openai') => ({ id, modelProvider, price: undefined });

describe('modelRules', () => {
  it("narrow down OpenAI's models alone by OPENAI_ALLOWED_MODELS", () => {
    const settings = loadSettings({ ...ENV, OPENAI_ALLOWED_MODELS: 'gpt-4o*,o3' });
    const { isLetThrough } = modelRules(settings, model);
    const all = [model('gpt-4o-mini'), model('o3'), model('o3-mini'), model('claude', 'anthropic')];
    expect(all.map(isLetThrough)).toEqual([true, true, false, true]);
    expect(modelRules(loadSettings(ENV), model).isLetThrough(model('o3-mini'))).toBe(true);
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
