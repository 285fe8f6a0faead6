import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { centsToNanoUsd, formatUsd, MAX_NANO_USD, NANO_PER_CENT, NANO_PER_USD, parseUsd } from './money.js';

describe('centsToNanoUsd', () => {
  it.each([
    [0, 0],
    [1, 10_000_000],
    [100, NANO_PER_USD],
    [900_719_925, 9_007_199_250_000_000],
  ])('of %i cents is exactly %i', (cents, nanoUsd) => {
    expect(centsToNanoUsd(cents)).toBe(nanoUsd);
  });

  it('takes every amount up to the largest, and gives it back', () => {
    fc.assert(
      fc.property(fc.nat({ max: 900_719_925 }), (cents) => {
        expect(BigInt(centsToNanoUsd(cents))).toBe(BigInt(cents) * BigInt(NANO_PER_CENT));
      }),
    );
  });

  it.each([-1, 0.5, 900_719_926, 2 ** 53, NaN, Infinity])('refuses %d', (cents) => {
    expect(() => centsToNanoUsd(cents)).toThrow(RangeError);
  });
});

describe('formatUsd', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1, '0.000000001'],
    [1500, '0.0000015'],
    [10, '0.00000001'],
    [NANO_PER_CENT, '0.01'],
    [NANO_PER_USD - 1, '0.999999999'],
    [NANO_PER_USD, '1'],
    [NANO_PER_USD + 1, '1.000000001'],
    [12_500_000_000, '12.5'],
    [-1500, '-0.0000015'],
    [MAX_NANO_USD, '9007199.254740991'],
  ])('of %d is %s', (nanoUsd, text) => {
    expect(formatUsd(nanoUsd)).toBe(text);
  });

  it('can be read back without loss, whatever the amount', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (nanoUsd) => {
        const text = formatUsd(nanoUsd);
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d{0,8}[1-9])?$/);
        const [whole = '', fraction = ''] = text.replace('-', '').split('.');
        const back = BigInt(whole) * BigInt(NANO_PER_USD) + BigInt(fraction.padEnd(9, '0'));
        expect(text.startsWith('-') ? -back : back).toBe(BigInt(nanoUsd));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('parseUsd', () => {
  it('reads every amount back that formatUsd wrote', () => {
    fc.assert(
      fc.property(fc.nat({ max: MAX_NANO_USD }), (nanoUsd) => {
        expect(parseUsd(formatUsd(nanoUsd))).toBe(nanoUsd);
      }),
    );
  });

  it.each([
    '',
    '-1',
    '+1',
    '1.',
    '.5',
    '1e3',
    '0x1',
    ' 1',
    '1\n',
    '1,5',
    '0.0000000001',
    '9007199.254740992',
  ])('takes %j for no amount', (text) => {
    expect(parseUsd(text)).toBeUndefined();
  });
});
