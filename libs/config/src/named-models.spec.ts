import { describe, expect, it } from '@jest/globals';
import { modelAliases, namedModels } from './named-models.js';

describe('named models', () => {
  it('are pairs, split at their first colon', () => {
    expect(namedModels.parse(' fast : gpt-4o-mini,, tuned:ft:gpt-4o:org::id,')).toEqual(
      new Map([
        ['fast', 'gpt-4o-mini'],
        ['tuned', 'ft:gpt-4o:org::id'],
      ]),
    );
  });

  it.each([
    'fast',
    ':gpt-4o',
    'fast:',
    'a:b,a:c',
    'a b:c',
    '__proto__:x',
    'a:b c',
    '-a:b',
    `${'a'.repeat(129)}:b`,
  ])('that are not name:model are refused: %s', (text) => {
    expect(namedModels.safeParse(text).success).toBe(false);
  });

  it('may be called auto or none, but aliases may not', () => {
    for (const text of ['auto:gpt-4o', 'x:y,none:gpt-4o']) {
      expect(namedModels.safeParse(text).success).toBe(true);
      expect(modelAliases.safeParse(text).success).toBe(false);
    }
  });
});
