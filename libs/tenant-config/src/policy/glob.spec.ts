import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesGlob } from './glob.js';

describe('matchesGlob', () => {
  it.each([
    ['gpt-4o', 'gpt-4o', true],
    ['gpt-4o', 'gpt-4o-mini', false],
    ['gpt-4o', 'GPT-4o', false],
    ['gpt-4o*', 'gpt-4o', true],
    ['gpt-4o*', 'gpt-4o-mini', true],
    ['gpt-4o*', 'gpt-4', false],
    ['*-mini', 'gpt-4o-mini', true],
    ['*-mini', 'gpt-4o-mini-2024', false],
    ['*', '', true],
    ['*', 'openai/gpt:1', true],
    ['', 'x', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a.c', 'abc', false],
    ['a?c', 'abc', false],
    ['[a-z]', 'a', false],
  ])('%s and %s: %s', (pattern, name, matches) => {
    expect(matchesGlob(pattern, name)).toBe(matches);
  });

  it('agrees with the regular expression of the same meaning', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 12 });
    fc.assert(
      fc.property(word, word, (pattern, name) => {
        const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*');
        expect(matchesGlob(pattern, name)).toBe(new RegExp(`^${source}$`).test(name));
      }),
    );
  });

  it('is quick on a pattern that a backtracking matcher would never finish', () => {
    const startedMs = performance.now();
    expect(matchesGlob('*a'.repeat(100), `${'a'.repeat(200)}b`)).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(100);
  });
});
