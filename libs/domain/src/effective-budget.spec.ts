import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { effectiveBudget } from './effective-budget.js';
import { MAX_NANO_USD } from './money.js';

describe('effectiveBudget', () => {
  it('adds what is in force', () => {
    expect(effectiveBudget(100, [])).toBe(100);
    expect(effectiveBudget(0, [5, 7])).toBe(12);
    expect(effectiveBudget(undefined, [5])).toBeUndefined();
    expect(effectiveBudget(MAX_NANO_USD, [1])).toBe(MAX_NANO_USD);
  });

  it('is never below the budget, never negative and never more than an amount can be', () => {
    const amount = fc.oneof(fc.maxSafeNat(), fc.nat(), fc.constantFrom(0, MAX_NANO_USD, MAX_NANO_USD - 1));
    fc.assert(
      fc.property(amount, fc.array(amount), (budget, increases) => {
        const effective = effectiveBudget(budget, increases) ?? -1;
        const exact = [budget, ...increases].reduce((sum, each) => sum + BigInt(each), 0n);
        expect(BigInt(effective)).toBe(exact > BigInt(MAX_NANO_USD) ? BigInt(MAX_NANO_USD) : exact);
      }),
    );
  });
});
